"""Open Badges 3.0: what a certificate says as a verifiable credential, its proof, its status and its issuer.

Pure functions: no module here asks the database or the network; `domain.badges` brings rows and keys together.
"""
