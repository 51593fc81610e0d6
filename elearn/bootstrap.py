"""Make the virtual environment and install the pinned packages, then run a command inside it.

    python3 elearn/bootstrap.py requirements.txt [-- command …]

Run as a file, with the standard library alone and in the syntax of old Pythons, so that an old one gets a
message instead of a traceback. What was installed is remembered by the hash of the requirements: a second
run installs nothing.
"""

import hashlib
import os
import shutil
import subprocess
import sys

NEEDED = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.environ.get("ELEARN_VENV") or os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
# The development requirements are compiled with the runtime ones as constraints, so they contain them.
CONTAINED = {"requirements-dev.txt": ["requirements.txt"]}


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def stop(text):
    sys.stderr.write("\n" + text + "\n")
    sys.exit(1)


def use_new_enough_python():
    """Go on under a newer Python of this machine where `python3` is too old."""
    if sys.version_info[:2] >= NEEDED:
        return
    for minor in range(20, NEEDED[1] - 1, -1):
        newer = shutil.which("python3.%d" % minor)
        if newer:
            os.execv(newer, [newer, *sys.argv])
    stop(
        "Python %d.%d or newer is needed; this is %s (%s).\n"
        "Install a newer one, or name it: make run PYTHON=/path/to/python3.12"
        % (NEEDED[0], NEEDED[1], sys.version.split()[0], sys.executable)
    )


def fingerprint(name):
    with open(os.path.join(ROOT, name), "rb") as source:
        return hashlib.sha256(source.read() + repr(sys.version_info[:2]).encode()).hexdigest()


def stamp(name):
    return os.path.join(VENV, "." + name + ".sha256")


def is_installed(name):
    if not os.path.exists(PYTHON):
        return False
    try:
        with open(stamp(name)) as source:
            return source.read() == fingerprint(name)
    except OSError:
        return False


def make_venv():
    if (
        os.path.exists(PYTHON)
        and subprocess.call([PYTHON, "-c", "import pip"], stderr=subprocess.DEVNULL) == 0
    ):
        return
    say("Creating the virtual environment in %s …" % os.path.relpath(VENV, ROOT))
    try:
        import ensurepip  # noqa: F401
        import venv
    except ImportError:
        stop("Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv")
    try:
        venv.EnvBuilder(with_pip=True, clear=os.path.exists(VENV), symlinks=True).create(VENV)
    except OSError as error:
        stop("The virtual environment can't be created in %s: %s" % (VENV, error.strerror or error))
    except subprocess.CalledProcessError as error:
        stop("The virtual environment can't be created in %s: %s" % (VENV, error))


def install(name):
    with open(os.path.join(ROOT, name)) as source:
        number = sum(1 for line in source if "==" in line and not line.lstrip().startswith("#"))
    say("Installing %d packages from %s (a minute or two the first time) …" % (number, name))
    command = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    pip = subprocess.Popen(
        [*command, "--progress-bar", "off", "-r", os.path.join(ROOT, name)],
        stdout=subprocess.PIPE,
        universal_newlines=True,
    )
    seen = 0
    shows_count = sys.stdout.isatty()
    for line in pip.stdout:
        if line.startswith(("Collecting ", "Requirement already satisfied: ")):
            seen += 1
            if shows_count:
                sys.stdout.write("\r  %d of %d" % (min(seen, number), number))
                sys.stdout.flush()
        elif line.startswith("Installing collected"):
            say(("\r" if shows_count else "") + "  downloaded; unpacking …")
    if pip.wait() != 0:
        stop(
            "The packages could not be installed; pip's message is above.\n"
            "Check the connection (or the proxy and index set for pip) and run the same command again."
        )
    for installed in [name, *CONTAINED.get(name, [])]:
        with open(stamp(installed), "w") as target:
            target.write(fingerprint(installed))


def main(arguments):
    use_new_enough_python()
    name, command = arguments[0], arguments[2:]
    if not is_installed(name):
        make_venv()
        install(name)
    if command:
        os.chdir(ROOT)
        os.execv(PYTHON, [PYTHON, *command])


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
