"""TrueType files for embedding: a subset of a face, plus glyphs composed of several of its glyphs.

harfbuzz may answer one letter with several glyphs, each moved a little (a letter and its vowel marks). Text
extractors follow the pen: a mark drawn back over its letter, or above the line, splits the word. So each
such cluster becomes one composite glyph of the embedded file, and the pen only ever moves forward.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from itertools import pairwise

import uharfbuzz as hb

from .shaping import Face, Parts

_TABLES = ("glyf", "head", "hhea", "hmtx", "loca", "maxp")
_WORDS, _XY, _MORE = 0x0001, 0x0002, 0x0020
_COMPOSITE = -1


def build(face: Face, glyphs: Sequence[tuple[Parts, int]]) -> tuple[bytes, list[int]]:
    """The font file with the wanted glyphs, and the glyph id of each one in it.

    A wanted glyph is (parts, advance in thousandths of the font size); no parts at all is a blank.
    """
    subset, new_ids = _subset(face, {gid for parts, _ in glyphs for gid, _, _ in parts})
    outlines, metrics = _read(subset)
    used: dict[tuple[Parts, int], int] = {}
    for wanted in glyphs:
        parts, advance = wanted
        if wanted in used:
            continue
        if len(parts) == 1 and parts[0][1:] == (0, 0) and metrics[new_ids[parts[0][0]]][0] == advance:
            used[wanted] = new_ids[parts[0][0]]
            continue
        used[wanted] = len(outlines)
        outline, left = _composite(face, parts, new_ids)
        outlines.append(outline)
        metrics.append((advance, left))
    return _write(subset, outlines, metrics), [used[wanted] for wanted in glyphs]


def _subset(face: Face, gids: Iterable[int]) -> tuple[dict[str, bytes], dict[int, int]]:
    wanted = hb.SubsetInput()
    wanted.glyph_set.update({0, *gids})
    wanted.flags = (
        hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE | hb.SubsetFlags.NOTDEF_OUTLINE
    )
    wanted.drop_table_tag_set.update(
        int.from_bytes(tag.encode("ascii"), "big") for tag in face.hb_face.table_tags if tag not in _TABLES
    )
    plan = hb.SubsetPlan(face.hb_face, wanted)
    made = plan.execute()
    tables = {tag: bytes(made.reference_table(tag).data) for tag in _TABLES}
    return tables, dict(plan.old_to_new_glyph_mapping)


def _read(tables: dict[str, bytes]) -> tuple[list[bytes], list[tuple[int, int]]]:
    """The outlines and (advance, left side bearing) of each glyph of a subset."""
    count = struct.unpack(">H", tables["maxp"][4:6])[0]
    if struct.unpack(">h", tables["head"][50:52])[0]:
        offsets = struct.unpack(f">{count + 1}L", tables["loca"][: 4 * (count + 1)])
    else:
        offsets = tuple(2 * n for n in struct.unpack(f">{count + 1}H", tables["loca"][: 2 * (count + 1)]))
    outlines = [tables["glyf"][a:b] for a, b in pairwise(offsets)]
    full = struct.unpack(">H", tables["hhea"][34:36])[0]
    metrics = [struct.unpack(">Hh", tables["hmtx"][4 * i : 4 * i + 4]) for i in range(full)]
    rest = tables["hmtx"][4 * full :]
    for i in range(count - full):
        metrics.append((metrics[full - 1][0], struct.unpack(">h", rest[2 * i : 2 * i + 2])[0]))
    return outlines, metrics


def _composite(face: Face, parts: Parts, new_ids: dict[int, int]) -> tuple[bytes, int]:
    """A composite outline and its left side bearing; empty for a blank."""
    inked = [(gid, dx, dy, box) for gid, dx, dy in parts if (box := face.extents(gid))]
    if not inked:
        return b"", 0
    left = round(min(dx + box.left for _, dx, _, box in inked))
    bottom = round(min(dy + box.bottom for _, _, dy, box in inked))
    right = round(max(dx + box.right for _, dx, _, box in inked))
    top = round(max(dy + box.top for _, _, dy, box in inked))
    data = struct.pack(">5h", _COMPOSITE, left, bottom, right, top)
    for position, (gid, dx, dy, _) in enumerate(inked):
        more = _MORE if position + 1 < len(inked) else 0
        data += struct.pack(">HHhh", _WORDS | _XY | more, new_ids[gid], dx, dy)
    return data, left


def _write(tables: dict[str, bytes], outlines: list[bytes], metrics: list[tuple[int, int]]) -> bytes:
    glyf, offsets = b"", [0]
    for outline in outlines:
        glyf += outline + b"\0" * (-len(outline) % 4)
        offsets.append(len(glyf))
    head = bytearray(tables["head"])
    struct.pack_into(">L", head, 8, 0)  # the checksum of the file is made below
    struct.pack_into(">h", head, 50, 1)  # long offsets
    hhea = bytearray(tables["hhea"])
    struct.pack_into(">H", hhea, 10, max(advance for advance, _ in metrics))
    struct.pack_into(">H", hhea, 34, len(metrics))
    maxp = bytearray(tables["maxp"])
    struct.pack_into(">H", maxp, 4, len(outlines))
    elements, depth = struct.unpack_from(">HH", maxp, 28)
    struct.pack_into(">HH", maxp, 28, max(elements, 16), depth + 1)
    written = {
        "glyf": glyf,
        "head": bytes(head),
        "hhea": bytes(hhea),
        "hmtx": b"".join(struct.pack(">Hh", *metric) for metric in metrics),
        "loca": struct.pack(f">{len(offsets)}L", *offsets),
        "maxp": bytes(maxp),
    }
    return _sfnt(written)


def _sfnt(tables: dict[str, bytes]) -> bytes:
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    header = struct.pack(
        ">L4H", 0x00010000, count, power * 16, power.bit_length() - 1, count * 16 - power * 16
    )
    offset = 12 + 16 * count
    directory, body, head_at = b"", b"", 0
    for tag in sorted(tables):
        data = tables[tag]
        if tag == "head":
            head_at = offset
        directory += struct.pack(">4sLLL", tag.encode("ascii"), _checksum(data), offset, len(data))
        padded = data + b"\0" * (-len(data) % 4)
        body += padded
        offset += len(padded)
    font = bytearray(header + directory + body)
    struct.pack_into(">L", font, head_at + 8, (0xB1B0AFBA - _checksum(bytes(font))) & 0xFFFFFFFF)
    return bytes(font)


def _checksum(data: bytes) -> int:
    padded = data + b"\0" * (-len(data) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}L", padded)
    return sum(words) & 0xFFFFFFFF
