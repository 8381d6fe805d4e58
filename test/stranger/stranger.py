#!/usr/bin/env python3
"""Opens and checks the day of a terminal that it knows nothing of but what the FORMAT.md and *.cddl files say.

Written from them alone, in another language and with none of the project's code: what it cannot do, they do not say.
Python's standard library, and libsodium for Ed25519, sealed boxes and SipHash.

  stranger.py --package FILE | --flash FILE  --authority HEX  --a IMAGE --b IMAGE  [--secret HEX | --audit HEX]
              [--tally HEX]
  stranger.py --roll FILE  --authority HEX  [--a IMAGE --b IMAGE --secret HEX]

  --flash      an image of the main flash, in which the package lies
  --authority  Ed25519 public key of the election's authority
  --secret     the device's secret: gives the audit keys
  --audit      the audit keys: slot, set, head, token and transaction, 16 bytes each, in this order
  --tally      X25519 secret that opens the terminal's ballots
  --roll       an electoral roll, and the images and the secret of a desk

Prints one JSON object; its "problems" are empty, and the exit status is 0, when all that could be checked is right.
"""

import argparse
import ctypes
import ctypes.util
import hashlib
import json
import sys
from collections import namedtuple

# ----------------------------------------------------------------------------------------------------- what is where

PACKAGE_AT = 0x10000  # of the main flash
BLOCK = 4096  # of a medium, and a page of the package
HEADER = {"magic": (0, 4), "version": (4, 6), "length": (6, 10)}  # of a package
SECTIONS = ("definition", "options", "texts", "search", "photos", "atlas")  # numbers 1 to 6
OPTION = {"contest": (0, 2), "list": (2, 4), "code": (4, 8), "name": (8, 12), "affiliation": (12, 16)}
OPTION["photo"] = (16, 20)
OPTION_LENGTH = 20
SEARCH_LETTERS, SEARCH_LENGTH, ALPHABET_LENGTH = 16, 18, 32
NO_LIST, NO_TEXT, NO_PHOTO = 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF

SUPERBLOCK = {"magic": (0, 4), "election": (4, 20), "terminal": (20, 24), "slots": (24, 28), "slot_length": (28, 32)}
SUPERBLOCK_CHECK = (32, 48)
WORDS = {"at": 256, "length": 16, "count": 64}
ERASING_WORD = (2048, 2064)
CELL, CHAIN = 128, 16  # of the journal
JOURNAL_LENGTH = 1024 * 1024
ENTRY = {"number": (0, 4), "payload": (4, 48), "check": (48, 64)}  # of the transaction and head logs
ENTRY_LENGTH, LOG_LENGTH = 64, 2 * BLOCK
HEAD = {"epoch": (0, 4), "ballots": (4, 8), "voids": (8, 12), "set": (12, 28)}
TICK, MARK, CHECK, COMMIT = 8, 16, 16, 16
RESULTS = {"magic": (0, 4), "results": (4, 8), "list": (8, 12), "zero": (12, 16)}
RESULTS_BODY = 256
NAME = 16  # of a record
CHECKPOINT, OPENED, CLOSED, COUNTED = 15, 10, 13, 85  # events of the journal
AUDIT_KEYS = ("slot", "set", "head", "token", "transaction")

# fields of the definition and of what is in it: package.cddl
DEFINITION = {
    "test": 1, "title": 2, "station": 3, "station_name": 4, "contests": 5, "styles": 6, "terminals": 7, "policy": 8,
    "collector": 9, "authority": 10, "cards": 11, "ballot_length": 12, "paper": 13,
}
CONTEST = {
    "id": 1, "kind": 2, "title": 3, "votes": 4, "options": 5, "blank": 6, "heading": 7, "two_lines": 8,
    "affiliations": 9, "search": 10, "photos": 11,
}
TERMINAL = {"id": 1, "sign": 2, "box": 3, "part": 4, "certificate": 5}
KINDS = ("n-of-m", "list", "question", "open-list")


class Refused(Exception):
    """What cannot be gone on behind."""


class Report:
    def __init__(self):
        self.problems = []
        self.unchecked = []

    def want(self, condition, what):
        if not condition:
            self.problems.append(what)
        return bool(condition)


# ------------------------------------------------------------------------------------------------------- primitives

def load_sodium():
    for name in (ctypes.util.find_library("sodium"), "libsodium.so.23", "libsodium.so"):
        try:
            if name is not None:
                library = ctypes.CDLL(name)
                library.sodium_init()
                return library
        except OSError:
            pass
    raise Refused("libsodium is not here")


sodium = load_sodium()


def verify(signature, message, key):
    return sodium.crypto_sign_verify_detached(signature, message, ctypes.c_ulonglong(len(message)), key) == 0


def sip_hash(message, key):
    """H(x, k): SipHash-2-4 with 128 bits of output."""
    out = ctypes.create_string_buffer(16)
    sodium.crypto_shorthash_siphashx24(out, bytes(message), ctypes.c_ulonglong(len(message)), key)
    return out.raw


def open_box(box, public, secret):
    """crypto_box_seal_open; None when it does not open."""
    if len(box) < 48:
        return None
    out = ctypes.create_string_buffer(max(1, len(box) - 48))
    opened = sodium.crypto_box_seal_open(out, bytes(box), ctypes.c_ulonglong(len(box)), public, secret)
    return out.raw[: len(box) - 48] if opened == 0 else None


def box_public(secret):
    out = ctypes.create_string_buffer(32)
    sodium.crypto_scalarmult_base(out, secret)
    return out.raw


def sign_public(seed):
    public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(64)
    sodium.crypto_sign_seed_keypair(public, secret, seed)
    return public.raw


def sha256(message):
    return hashlib.sha256(message).digest()


def derive(secret, election, name, length):
    return hashlib.blake2b(b"sandogh " + name.encode() + election, key=secret, digest_size=length).digest()


# ------------------------------------------------------------------------------------------------- CBOR and COSE_Sign1

def cbor(data):
    """RFC 8949, core deterministic, in the data model that the formats use. Raises Refused."""
    value, end = item(bytes(data), 0, 0)
    if end != len(data):
        raise Refused("CBOR: bytes behind its end")
    return value


def argument(data, at):
    if at >= len(data):
        raise Refused("CBOR: cut short")
    info = data[at] & 31
    if info < 24:
        return info, at + 1
    if info > 27:
        raise Refused("CBOR: a length that is not definite")
    length = 1 << (info - 24)
    value = int.from_bytes(data[at + 1 : at + 1 + length], "big")
    if len(data) < at + 1 + length or value < (24, 1 << 8, 1 << 16, 1 << 32)[info - 24]:
        raise Refused("CBOR: not the shortest form")
    return value, at + 1 + length


def item(data, at, depth):
    if at >= len(data) or depth > 8:
        raise Refused("CBOR: cut short, or too deep")
    major = data[at] >> 5
    if major == 7:
        if data[at] not in (0xF4, 0xF5, 0xF6):
            raise Refused("CBOR: a simple value that no format has")
        return {0xF4: False, 0xF5: True, 0xF6: None}[data[at]], at + 1
    value, at = argument(data, at)
    if major == 0:
        return value, at
    if major == 1:
        return -1 - value, at
    if major in (2, 3):
        if at + value > len(data):
            raise Refused("CBOR: cut short")
        text = data[at : at + value]
        return (text if major == 2 else text.decode("utf-8")), at + value
    if major == 4:
        out = []
        for _ in range(value):
            each, at = item(data, at, depth + 1)
            out.append(each)
        return out, at
    if major == 5:
        out, before = {}, b""
        for _ in range(value):
            start = at
            key, at = item(data, at, depth + 1)
            if not is_int(key) or data[start:at] <= before:
                raise Refused("CBOR: keys are not whole numbers in order")
            before = data[start:at]
            out[key], at = item(data, at, depth + 1)
        return out, at
    raise Refused("CBOR: a tag")


def is_int(value):
    return isinstance(value, int) and not isinstance(value, bool)


def head(major, value):
    if value < 24:
        return bytes([major << 5 | value])
    for info, length in ((24, 1), (25, 2), (26, 4)):
        if value < 1 << 8 * length:
            return bytes([major << 5 | info]) + value.to_bytes(length, "big")
    raise Refused("CBOR: too long")


PROTECTED = bytes.fromhex("a10127")  # {1: -8}: EdDSA


def opened(kind, signed, key):
    """The payload of an untagged COSE_Sign1 that `key` has signed, with external_aad "sandogh/<kind>"."""
    parts = cbor(signed)
    if not isinstance(parts, list) or len(parts) != 4 or parts[0] != PROTECTED or parts[1] != {}:
        raise Refused(f"{kind}: no COSE_Sign1 of EdDSA")
    payload, signature = parts[2], parts[3]
    if not isinstance(payload, bytes) or not isinstance(signature, bytes) or len(signature) != 64:
        raise Refused(f"{kind}: no COSE_Sign1 of EdDSA")
    aad = b"sandogh/" + kind.encode()
    structure = head(4, 4) + head(3, 10) + b"Signature1"
    structure += b"".join(head(2, len(each)) + each for each in (PROTECTED, aad, payload))
    if not verify(signature, structure, key):
        raise Refused(f"{kind}: the signature is wrong")
    return payload


def fields(value, names, what):
    if not isinstance(value, dict) or sorted(value) != sorted(names.values()):
        raise Refused(f"{what}: other fields than {sorted(names.values())}")
    return {name: value[key] for name, key in names.items()}


def part(data, at, length):
    return data[at : at + length]


def number(data, span):
    return int.from_bytes(data[span[0] : span[1]], "big")


# ------------------------------------------------------------------------------------------------------- the package

def open_tree(data, magic, version, kind, authority, report):
    """The signed envelope of a file of pages, and the pages behind it."""
    if data[:4] != magic or number(data, HEADER["version"]) != version:
        raise Refused(f"{kind}: no header of version {version}")
    at = HEADER["length"][1]
    end = at + number(data, HEADER["length"])
    envelope = cbor(opened(kind, data[at:end], authority))
    start = pages_of(end) * BLOCK
    report.want(not any(data[end:start]), f"{kind}: the envelope's page is not filled up with zeros")
    return envelope, data[start:]


def read_tree(rest, data_pages, root, report):
    """Pages behind the envelope: hash pages, the highest level first, then data. Each is checked from the root."""
    counts = [data_pages]
    while len(counts) == 1 or counts[-1] > 1:
        counts.append(-(-counts[-1] // 128))
    hashes, at = [root], 0
    for level in range(len(counts) - 1, -1, -1):
        pages = [rest[at + i * BLOCK : at + (i + 1) * BLOCK] for i in range(counts[level])]
        at += counts[level] * BLOCK
        for i, page in enumerate(pages):
            if sha256(bytes([level]) + page) != hashes[i]:
                raise Refused(f"page {i} of level {level} is not of the signed tree")
        if level > 0:
            whole = b"".join(pages)
            hashes = [whole[i * 32 : (i + 1) * 32] for i in range(counts[level - 1])]
            report.want(not any(whole[32 * counts[level - 1] :]), "a hash page is not filled up with zeros")
    return b"".join(pages)


class Package:
    """firmware/election/FORMAT.md and package.cddl. Raises Refused."""

    def __init__(self, data, authority, report):
        self.authority = authority
        self.report = report
        envelope, rest = open_tree(data, b"SGEP", 3, "package", authority, report)
        self.read_envelope(envelope)
        self.data = read_tree(rest, self.pages, self.root, report)
        self.read_sections()
        self.read_definition()
        self.read_options()
        self.check_texts()
        self.check_search()
        self.check_atlas()
        self.check_photos()

    def read_envelope(self, envelope):
        names = {"format": 1, "election": 2, "pages": 3, "root": 4, "sections": 5}
        envelope = fields(envelope, names, "envelope")
        if envelope["format"] != 1:
            raise Refused("envelope: another format")
        self.election, self.pages, self.root = envelope["election"], envelope["pages"], envelope["root"]
        self.directory = envelope["sections"]

    def read_sections(self):
        self.sections, at = {}, 0
        for i, name in enumerate(SECTIONS):
            kind, offset, length = self.directory[i]
            if kind != i + 1 or offset != at:
                raise Refused("envelope: sections are not in order and without gaps")
            self.sections[name] = self.data[offset : offset + length]
            at += length
        if pages_of(at) != self.pages or len(self.directory) != len(SECTIONS):
            raise Refused("envelope: another number of pages or sections")
        self.report.want(not any(self.data[at:]), "package: the last page is not filled up with zeros")

    def read_definition(self):
        self.definition = fields(cbor(self.sections["definition"]), DEFINITION, "definition")
        self.report.want(self.definition["authority"] == self.authority, "definition: another authority's key")
        self.contests = [fields(each, CONTEST, "contest") for each in self.definition["contests"]]
        self.styles = {each[1]: each[2] for each in self.definition["styles"]}
        self.policy = self.definition["policy"]
        self.capacity, self.k = self.policy[1], self.policy[7]
        self.ballot_length = self.definition["ballot_length"]
        ids = [contest["id"] for contest in self.contests]
        self.report.want(len(set(ids)) == len(ids), "definition: a contest's id is used twice")
        for style in self.styles.values():
            good = set(style) <= set(ids) and len(set(style)) == len(style)
            self.report.want(good, "definition: a style with contests that are none, or one twice")

    def terminal(self, wanted):
        """Keys of a terminal, as the package has them. What its certificate says is checked."""
        for each in self.definition["terminals"]:
            terminal = fields(each, TERMINAL, "terminal")
            if terminal["id"] != wanted:
                continue
            certificate = cbor(opened("terminal", terminal["certificate"], self.authority))
            said = {1: self.election, 2: self.definition["station"], 3: wanted, 4: terminal["sign"]}
            self.report.want(certificate == said, f"terminal {wanted}: its certificate says something else")
            return terminal
        raise Refused(f"terminal {wanted} is not in the package")

    def read_options(self):
        """By contest, in ascending order of codes: (code, place of its list or None)."""
        table, at = self.sections["options"], 0
        self.names, self.photos = [self.definition["title"], self.definition["station_name"]], set()
        for contest in self.contests:
            self.names += [contest["title"], contest["heading"]]
        for contest in self.contests:
            rows = []
            for _ in range(contest["options"]):
                row = {name: number(table[at : at + OPTION_LENGTH], span) for name, span in OPTION.items()}
                self.report.want(row["contest"] == contest["id"], "options: a row of another contest")
                rows.append(row)
                at += OPTION_LENGTH
            self.names += [row["name"] for row in rows]
            self.names += [row["affiliation"] for row in rows if row["affiliation"] != NO_TEXT]
            self.photos |= {row["photo"] for row in rows}
            codes = [row["code"] for row in rows]
            self.report.want(all(a < b for a, b in zip(codes, codes[1:])), "options: codes do not ascend")
            for row in rows:
                if row["list"] != NO_LIST:
                    is_open = KINDS[contest["kind"]] == "open-list"
                    good = is_open and row["list"] < len(rows) and rows[row["list"]]["list"] == NO_LIST
                    self.report.want(good, "options: a list that is none")
            contest["rows"] = [(row["code"], None if row["list"] == NO_LIST else row["list"]) for row in rows]
        self.report.want(at == len(table), "options: another number than the contests have")

    def check_texts(self):
        texts = self.sections["texts"]
        count = number(texts, (0, 4))
        offsets = [number(texts, (4 + 4 * i, 8 + 4 * i)) for i in range(count + 1)]
        ascending = all(a < b for a, b in zip(offsets, offsets[1:]))
        good = ascending and offsets[0] == 4 + 4 * (count + 1) and offsets[-1] == len(texts)
        if not self.report.want(good, "texts: records are not one behind the other"):
            return
        self.glyphs = set()
        for i in range(count):
            try:
                self.read_text(Cursor(texts[offsets[i] : offsets[i + 1]]))
            except Refused as why:
                self.report.want(False, f"texts: record {i}: {why}")
        for i, name in enumerate(self.names):
            self.report.want(name < count, f"texts: number {name} is none")

    def read_text(self, data):
        """office/text/FORMAT.md: layouts, in each a set of lines for each weight, in each line pieces."""
        for _ in range(data.take(1)):
            _, weights, length = data.take(1), data.take(1), data.take(2)
            end = data.at + length
            for bold in (bit for bit in (0, 1) if weights >> bit & 1):
                for _ in range(data.take(1)):
                    for _ in range(data.take(1)):
                        slot = data.take(1)
                        if slot == 0x80:
                            count, _ = data.take(1), data.take(4)
                            for _ in range(count):
                                self.glyphs.add((bold, data.take(2)))
                                data.take(4)
                        elif slot > 9:
                            raise Refused(f"a piece of kind {slot}")
            if data.at != end:
                raise Refused("a layout of another length")
        data.ends()

    def check_atlas(self):
        """Faces, tables and masks one behind the other; each glyph of the texts is there in its weight."""
        atlas, drawn = Cursor(self.sections["atlas"]), set()
        faces = [[atlas.take(n) for n in (1, 1, 2, 2, 2, 4)] for _ in range(atlas.take(2))]
        masks, before = [], -1
        for face, bold, _, _, count, table in faces:
            self.report.want(face > before and table == atlas.at, "atlas: faces or tables are out of order")
            before, last = face, -1
            for _ in range(count):
                glyph, _, _, width, height, mask = [atlas.take(n) for n in (2, 2, 2, 2, 2, 4)]
                self.report.want(glyph > last, "atlas: glyphs do not ascend")
                last = glyph
                drawn.add((bold, glyph))
                masks.append((mask, width * height))
        try:
            for mask, pixels in masks:
                if atlas.at != mask:
                    raise Refused("masks are not one behind the other")
                atlas.mask(pixels)
            atlas.ends()
        except Refused as why:
            self.report.want(False, f"atlas: {why}")
        self.report.want(self.glyphs <= drawn, "atlas: a glyph of the texts is not there")

    def check_photos(self):
        data, starts = Cursor(self.sections["photos"]), {NO_PHOTO}
        try:
            while data.at < len(data.data):
                starts.add(data.at)
                end = data.take(2) + data.at
                data.mask(60 * 80)
                if data.at != end:
                    raise Refused("a photo of another length")
        except Refused as why:
            self.report.want(False, f"photos: {why}")
        self.report.want(self.photos <= starts, "options: a photo that is none")

    def check_search(self):
        table, at = self.sections["search"], 0
        for contest in self.contests:
            before = b""
            for _ in range(contest["search"]):
                row = table[at : at + SEARCH_LENGTH]
                at += SEARCH_LENGTH
                good = row > before and all(letter <= ALPHABET_LENGTH for letter in row[:SEARCH_LETTERS])
                good = good and int.from_bytes(row[SEARCH_LETTERS:], "big") < contest["options"]
                self.report.want(good, "search: keys out of order, or of no option")
                before = row
        self.report.want(at == len(table), "search: another number of keys than the contests have")


class Cursor:
    """Reads numbers and packed masks from the front on."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, length):
        if self.at + length > len(self.data):
            raise Refused("cut short")
        self.at += length
        return int.from_bytes(self.data[self.at - length : self.at], "big")

    def mask(self, pixels):
        """Nibbles, the high one first; 0 and 15 are followed by how many pixels more are alike."""
        nibble, done = 2 * self.at, 0

        def next_nibble():
            nonlocal nibble
            if nibble >= 2 * len(self.data):
                raise Refused("a mask is cut short")
            nibble += 1
            byte = self.data[(nibble - 1) // 2]
            return byte & 15 if nibble % 2 == 0 else byte >> 4

        while done < pixels:
            done += 1 + (next_nibble() if next_nibble() in (0, 15) else 0)
        if done != pixels:
            raise Refused("a mask with more pixels than it has room for")
        self.at = (nibble + 1) // 2

    def ends(self):
        if self.at != len(self.data):
            raise Refused("something behind its end")


def pages_of(length):
    return -(-length // BLOCK)


# ---------------------------------------------------------------------------------------------------------- a medium

Layout = namedtuple("Layout", "slots slot_length journal transaction head counter spent store results")
SLOT_STATES = ("free", "voided", "decided", "undecided")


def lay_out(package):
    slots = -(-package.capacity * 5 // 4)
    slot_length = -(-(2 + package.ballot_length + 48 + 128 + CHECK + COMMIT) // 256) * 256
    regions, at = [], BLOCK
    for length in (JOURNAL_LENGTH, LOG_LENGTH, LOG_LENGTH, TICK * package.capacity, MARK * slots, slot_length * slots):
        regions.append(at)
        at += pages_of(length) * BLOCK
    return Layout(slots, slot_length, *regions, at)


def cleared(data):
    return 8 * len(data) - sum(bin(byte).count("1") for byte in data)


def counts_as_cleared(data):
    return cleared(data) > 4 * len(data)


def is_filled(data, value):
    return data.count(value) == len(data)


class Medium:
    """firmware/vault/FORMAT.md: one image, judged by itself."""

    def __init__(self, name, image, package, keys, report):
        self.name, self.image, self.package, self.keys, self.report = name, image, package, keys, report
        self.layout = lay_out(package)
        if len(image) < self.layout.results:
            raise Refused(f"medium {name}: too small for this election")
        self.read_superblock()
        self.terminal = package.terminal(self.terminal_id)
        self.read_slots()
        self.read_counter()
        self.read_marks()
        self.transactions = self.read_log("transaction", self.layout.transaction)
        self.heads = self.read_log("head", self.layout.head)
        self.check_head()
        self.check_gaps()

    def want(self, condition, what):
        return self.report.want(condition, f"medium {self.name}: {what}")

    def read_superblock(self):
        block, layout = self.image[:BLOCK], self.layout
        read = {name: block[span[0] : span[1]] for name, span in SUPERBLOCK.items()}
        if read["magic"] != b"SND1" or read["election"] != self.package.election:
            raise Refused(f"medium {self.name}: no superblock of this election")
        self.terminal_id = int.from_bytes(read["terminal"], "big")
        good = number(block, SUPERBLOCK["slots"]) == layout.slots
        good = good and number(block, SUPERBLOCK["slot_length"]) == layout.slot_length
        self.want(good, "superblock: other slots than the package's")
        body, check = block[: SUPERBLOCK_CHECK[0]], block[SUPERBLOCK_CHECK[0] : SUPERBLOCK_CHECK[1]]
        if self.keys:
            self.want(sip_hash(body, self.keys["head"]) == check, "superblock: its check is wrong")
        self.words = 0
        for i in range(WORDS["count"]):
            word = part(block, WORDS["at"] + i * WORDS["length"], WORDS["length"])
            if counts_as_cleared(word):
                self.want(self.words == i, "superblock: a word behind a gap")
                self.words += 1
            self.want(is_filled(word, 0) or is_filled(word, 0xFF), f"superblock: word {i} is not whole")
        self.want(self.words % 2 == 0, "superblock: this medium was gone on with alone")
        words_end = WORDS["at"] + WORDS["length"] * WORDS["count"]
        self.want(is_filled(block[ERASING_WORD[0] : ERASING_WORD[1]], 0xFF), "the erasing word is there")
        for start, end in ((48, 256), (words_end, ERASING_WORD[0]), (ERASING_WORD[1], BLOCK)):
            self.want(is_filled(block[start:end], 0xFF), f"superblock: bytes {start} to {end - 1} are not erased")

    def read_slots(self):
        self.records, self.states, self.checks = {}, [], {}
        for slot in range(self.layout.slots):
            at = self.layout.store + slot * self.layout.slot_length
            data = self.image[at : at + self.layout.slot_length]
            state = slot_state(data)
            self.states.append(state)
            self.want(state != "undecided", f"slot {slot}: undecided")
            if state != "decided":
                continue
            self.want(is_filled(data[-COMMIT:], 0), f"slot {slot}: its commit word is not whole")
            length = int.from_bytes(data[:2], "big")
            record, check = data[2 : 2 + length], data[-CHECK - COMMIT : -COMMIT]
            self.want(is_filled(data[2 + length : -CHECK - COMMIT], 0xFF), f"slot {slot}: bytes behind its record")
            if self.keys:
                expected = sip_hash(data[: -CHECK - COMMIT] + slot.to_bytes(4, "big"), self.keys["slot"])
                self.want(expected == check, f"slot {slot}: its check is wrong")
            self.checks[slot] = check
            try:
                self.records[slot] = self.read_record(slot, record)
            except Refused as why:
                self.want(False, f"slot {slot}: {why}")
        self.voids = self.states.count("voided")

    def read_record(self, slot, record):
        """record.cddl; (record, box)."""
        names = {"election": 1, "terminal": 2, "slot": 3, "box": 4}
        sealed = fields(cbor(opened("record", record, self.terminal["sign"])), names, "record")
        said = (sealed["election"], sealed["terminal"], sealed["slot"])
        if said != (self.package.election, self.terminal_id, slot):
            raise Refused("a record of another election, terminal or slot")
        if len(sealed["box"]) != self.package.ballot_length + 48:
            raise Refused("a box of another length")
        return record, sealed["box"]

    def read_counter(self):
        self.ticks = 0
        for i in range(self.package.capacity):
            tick = part(self.image, self.layout.counter + i * TICK, TICK)
            if counts_as_cleared(tick):
                self.want(self.ticks == i, f"counter: a tick at {i} behind a gap")
                self.ticks += 1
            self.want(is_filled(tick, 0) or is_filled(tick, 0xFF), f"counter: tick {i} is not whole")
        self.want(self.ticks == len(self.records), f"{self.ticks} ticks for {len(self.records)} good records")

    def read_marks(self):
        self.marks = set()
        for i in range(self.layout.slots):
            mark = part(self.image, self.layout.spent + i * MARK, MARK)
            if is_filled(mark, 0xFF) or is_filled(mark, 0):
                continue
            if self.keys:
                good = sip_hash(mark[:8], self.keys["token"])[:8] == mark[8:]
                self.want(good, f"spent mark {i}: its check is wrong")
            self.marks.add(mark)
        good = len(self.marks) == len(self.records)
        self.want(good, f"{len(self.marks)} spent marks for {len(self.records)} records")

    def read_log(self, key, address):
        entries = []
        for place in range(LOG_LENGTH // ENTRY_LENGTH):
            entry = part(self.image, address + place * ENTRY_LENGTH, ENTRY_LENGTH)
            if is_filled(entry, 0xFF) or is_filled(entry, 0):
                continue
            body, check = entry[: ENTRY["check"][0]], entry[ENTRY["check"][0] :]
            if self.keys:
                good = sip_hash(body + place.to_bytes(4, "big"), self.keys[key]) == check
                self.want(good, f"{key} log, place {place}: its check is wrong")
            entries.append(entry)
        return entries

    def check_head(self):
        """One head when a ballot was ever counted; it has the numbers and the seal of the set."""
        self.want(not self.transactions, "a transaction is open")
        if not self.heads:
            self.want(not self.records, "no head, and there are ballots")
            return
        self.want(len(self.heads) == 1, f"{len(self.heads)} heads")
        payload = self.heads[-1][ENTRY["payload"][0] : ENTRY["payload"][1]]
        self.want(number(payload, HEAD["ballots"]) == len(self.records), "the head's ballots are not the records")
        self.want(number(payload, HEAD["epoch"]) >= len(self.records), "the head's epoch is below its ballots")
        self.want(number(payload, HEAD["voids"]) <= self.voids, "the head's voids are more than the voided slots")
        self.want(not any(payload[HEAD["set"][1] :]), "the head is not filled up with zeros")
        if not self.keys:
            return
        total = 0
        for check in self.checks.values():
            total ^= int.from_bytes(sip_hash(check, self.keys["set"]), "big")
        message = total.to_bytes(16, "big") + len(self.checks).to_bytes(4, "big")
        seal = payload[HEAD["set"][0] : HEAD["set"][1]]
        self.want(sip_hash(message, self.keys["set"]) == seal, "the head's set is not of these records")

    def check_gaps(self):
        """What no item takes of a region is erased."""
        layout, capacity = self.layout, self.package.capacity
        for name, start, end in (
            ("counter", layout.counter + TICK * capacity, layout.spent),
            ("spent marks", layout.spent + MARK * layout.slots, layout.store),
            ("store", layout.store + layout.slot_length * layout.slots, layout.results),
        ):
            self.want(is_filled(self.image[start:end], 0xFF), f"bytes behind the {name} are not erased")

    def results(self):
        """(signed results, signed list), or None."""
        at = self.layout.results
        header = self.image[at : at + RESULTS["zero"][1]]
        if is_filled(header, 0xFF):
            self.want(is_filled(self.image[at:], 0xFF), "bytes behind the store, where no results are")
            return None
        if header[:4] != b"SNDR" or number(header, RESULTS["zero"]) != 0:
            self.want(False, "results: no header")
            return None
        lengths = number(header, RESULTS["results"]), number(header, RESULTS["list"])
        body, end = at + RESULTS_BODY, at + RESULTS_BODY + sum(lengths)
        gap = self.image[at + RESULTS["zero"][1] : body]
        self.want(is_filled(gap, 0xFF) and is_filled(self.image[end:], 0xFF), "bytes beside the results")
        return self.image[body : body + lengths[0]], self.image[body + lengths[0] : end]


def slot_state(data):
    if is_filled(data, 0xFF):
        return "free"
    if is_filled(data, 0):
        return "voided"
    return "decided" if counts_as_cleared(data[-COMMIT:]) else "undecided"


# --------------------------------------------------------------------------------------------------------- the journal

class Journal:
    """Cells of one medium; the chain and its signed checkpoints."""

    def __init__(self, medium):
        self.entries = []
        self.prefix = b"sandogh journal" + medium.package.election + medium.terminal_id.to_bytes(4, "big")
        chain, ended = sha256(self.prefix)[:CHAIN], False
        for i in range(JOURNAL_LENGTH // CELL):
            cell = part(medium.image, medium.layout.journal + i * CELL, CELL)
            if is_filled(cell, 0xFF):
                ended = True
                continue
            if not medium.want(not ended, f"journal: something behind its end, at cell {i}"):
                break
            if is_filled(cell, 0):
                continue
            length, after = cell[0], None
            entry = cell[1 : 1 + length]
            if length <= CELL - CHAIN - 1:
                after = self.chain_after(chain, entry)
            if after != cell[-CHAIN:]:
                medium.want(False, f"journal: cell {i} does not continue the chain")
                break
            medium.want(is_filled(cell[1 + length : -CHAIN], 0xFF), f"journal: bytes behind the entry of cell {i}")
            value = self.read_entry(entry, i, medium)
            if value[0] == CHECKPOINT:
                good = verify(value[3], self.prefix + chain, medium.terminal["sign"])
                medium.want(good, f"journal: cell {i}: the checkpoint's signature is wrong")
            self.entries.append(value)
            chain = after
        signed = [i for i, entry in enumerate(self.entries) if entry[0] == CHECKPOINT]
        self.unsigned = len(self.entries) - 1 - (signed[-1] if signed else -1)

    @staticmethod
    def chain_after(chain, entry):
        return sha256(chain + entry)[:CHAIN]

    @staticmethod
    def read_entry(entry, cell, medium):
        """entry.cddl: [event, time, detail, signature] or [event, time, detail, count, since]."""
        value = cbor(entry)
        good = isinstance(value, list) and len(value) in (4, 5) and all(is_int(each) for each in value[:2])
        if good and len(value) == 4:
            good = (value[3] is None) == (value[0] != CHECKPOINT)
        if not good:
            raise Refused(f"medium {medium.name}: journal: cell {cell} is no entry")
        return value

    def last(self, event):
        found = [entry for entry in self.entries if entry[0] == event]
        return found[-1] if found else None


# ----------------------------------------------------------------------------------------------- ballots and results

class Tally:
    """ballot.cddl, and how a ballot counts: firmware/election/FORMAT.md."""

    def __init__(self, package):
        self.package = package
        self.ballots = 0
        self.counters = {
            contest["id"]: {"ballots": 0, "blank": 0, "undervotes": 0, "votes": [0] * contest["options"]}
            for contest in package.contests
        }

    def add(self, plain):
        length = int.from_bytes(plain[:2], "big")
        if len(plain) != self.package.ballot_length or length + 2 > len(plain) or any(plain[2 + length :]):
            raise Refused("a ballot that is not padded with zeros to the election's length")
        ballot = cbor(plain[2 : 2 + length])
        if not isinstance(ballot, list) or len(ballot) != 3 or ballot[0] != 1:
            raise Refused("a ballot of another format")
        _, style, marks = ballot
        if style not in self.package.styles:
            raise Refused("a ballot of a style that is none")
        if [mark[0] for mark in marks] != self.package.styles[style]:
            raise Refused("a ballot with other contests than its style's")
        contests = {contest["id"]: contest for contest in self.package.contests}
        counted = [self.places(contests[mark[0]], *mark) for mark in marks]
        self.ballots += 1
        for (contest, blank, choices), places in zip(marks, counted):
            counter = self.counters[contest]
            counter["ballots"] += 1
            counter["blank"] += blank
            counter["undervotes"] += 0 if blank else contests[contest]["votes"] - len(choices)
            for place in places:
                counter["votes"][place] += 1

    @staticmethod
    def places(contest, _, blank, choices):
        """Of the options that a mark gives a vote each. Raises Refused for a mark that breaks a rule."""
        codes = [code for code, _ in contest["rows"]]
        if not isinstance(blank, bool) or (blank and (choices or not contest["blank"])):
            raise Refused("a blank that is not allowed, or with choices")
        if len(choices) > contest["votes"] or any(a >= b for a, b in zip(choices, choices[1:])):
            raise Refused("more choices than allowed, or not ascending")
        if any(code not in codes for code in choices):
            raise Refused("a code that no option has")
        places = [codes.index(code) for code in choices]
        if KINDS[contest["kind"]] == "open-list":
            lists = [place for place in places if contest["rows"][place][1] is None]
            on = {contest["rows"][place][1] for place in places} - {None}
            if len(lists) > 1 or not on <= set(lists):
                raise Refused("more than one list, or a candidate of another")
        return places

    def contests(self):
        """As results.cddl has them: contests in the definition's order, small ones left out."""
        out = []
        for contest in self.package.contests:
            counter = self.counters[contest["id"]]
            if 0 < counter["ballots"] < self.package.k:
                out.append([contest["id"], None])
            else:
                out.append([contest["id"], [counter[name] for name in ("ballots", "blank", "undervotes", "votes")]])
        return out


def read_results(medium, stored, records, report):
    """The signed results, checked against the list and the records; None when they are not whole."""
    signed, signed_list = stored
    names = {"election": 1, "terminal": 2, "time": 3, "ballots": 4, "voids": 5, "records": 6, "media": 7, "k": 8}
    names.update({"contests": 9, "version": 10})
    try:
        results = fields(cbor(opened("results", signed, medium.terminal["sign"])), names, "results")
        listed = cbor(opened("record-list", signed_list, medium.terminal["sign"]))
        listed = fields(listed, {"election": 1, "terminal": 2, "names": 3}, "record list")
    except Refused as why:
        report.want(False, f"medium {medium.name}: {why}")
        return None
    of = (medium.package.election, medium.terminal_id)
    for each in (results, listed):
        report.want((each["election"], each["terminal"]) == of, "results: of another election or terminal")
    own = b"".join(sorted(sha256(record)[:NAME] for record, _ in records.values()))
    report.want(listed["names"] == own, "results: counted from other records than are stored")
    report.want(results["records"] == sha256(listed["names"]), "results: of another record list")
    report.want(results["ballots"] == len(records), f"results: {results['ballots']} ballots, {len(records)} are stored")
    report.want(results["voids"] == medium.voids, "results: another number of voided slots")
    report.want(results["k"] == medium.package.k, "results: another k than the package's")
    return results


def verification_code(signed):
    digest = sha256(signed)
    return [f"{int.from_bytes(digest[2 * i : 2 * i + 2], 'big') % 10000:04d}" for i in range(4)]


# ------------------------------------------------------------------------------------------------- a desk and its roll

ROLL = {
    "format": 1, "election": 2, "test": 3, "station": 4, "pages": 5, "root": 6, "voter_pages": 7, "voters": 8,
    "rice": 9, "styles": 10, "cards": 11, "capacity": 12, "desks": 13,
}
VOTER_PAGE, KEYS_END, CHECK_IN = 256, 10**9, 32
DESK_BLOCK = {"magic": (0, 4), "version": (4, 6), "capacity": (6, 8), "election": (8, 24), "root": (24, 56)}
DESK_BLOCK.update({"desk": (56, 60), "zero": (60, 64), "hash": (64, 80), "check": (80, 96)})
RETURNED = 0xFFFFFFFF


class Roll:
    """firmware/roll/FORMAT.md: every voter, as {position: (ten digits, ballot style)}."""

    def __init__(self, data, authority, report):
        envelope, rest = open_tree(data, b"SGRL", 1, "roll", authority, report)
        self.head = fields(envelope, ROLL, "roll")
        data = read_tree(rest, self.head["pages"], self.head["root"], report)
        count = self.head["voter_pages"]
        start = -(-4 * count // VOTER_PAGE) * VOTER_PAGE
        self.voters, last = {}, -1
        for page in range(count):
            at = start + page * VOTER_PAGE
            keys = self.read_page(page, data[at : at + VOTER_PAGE])
            report.want(keys[0] == number(data, (4 * page, 4 * page + 4)), f"roll: page {page} is not the index's")
            report.want(keys[0] > last and keys == sorted(set(keys)), f"roll: page {page}: keys do not ascend")
            last = keys[-1]
        report.want(last < KEYS_END, "roll: a key that no number has")
        report.want(len(self.voters) == self.head["voters"], "roll: another number of voters than the head's")
        rest_of_data = data[4 * count : start] + data[start + count * VOTER_PAGE :]
        report.want(not any(rest_of_data), "roll: its pages are not filled up with zeros")

    def read_page(self, page, data):
        bits, at = f"{int.from_bytes(data, 'big'):0{8 * VOTER_PAGE}b}", 40
        key, count = int(bits[:30], 2), int(bits[30:40], 2) + 1
        rice, styles = self.head["rice"], self.head["styles"]
        area_bits, keys = (len(styles) - 1).bit_length(), []
        for place in range(count):
            if place > 0:
                end = bits.index("0", at)
                low = bits[end + 1 : end + 1 + rice]
                key += ((end - at) << rice) + int(low or "0", 2) + 1
                at = end + 1 + rice
            area = int(bits[at : at + area_bits] or "0", 2)
            at += area_bits
            keys.append(key)
            self.voters[page * 1024 + place] = (national_number(key), styles[area])
        if at > len(bits) or "1" in bits[at:]:
            raise Refused(f"roll: page {page} does not end in itself")
        return keys


def national_number(key):
    digits = f"{key:09d}"
    remainder = sum(int(digit) * (10 - i) for i, digit in enumerate(digits)) % 11
    return digits + str(remainder if remainder < 2 else 11 - remainder)


def read_desk(name, image, roll, secret, report):
    """firmware/checkin/FORMAT.md: the voters who were given a right on this medium, those that are open, returns."""
    def want(condition, what):
        return report.want(condition, f"medium {name}: {what}")

    read = {field: image[span[0] : span[1]] for field, span in DESK_BLOCK.items()}
    head = roll.head
    good = read["magic"] == b"SGDK" and int.from_bytes(read["version"], "big") == 1 and not any(read["zero"])
    good = good and int.from_bytes(read["capacity"], "big") == head["capacity"] - 1
    good = good and (read["election"], read["root"]) == (head["election"], head["root"])
    good = good and sha256(image[:64])[:16] == read["hash"]
    if not want(good, "no superblock of a desk with this roll"):
        return None
    key = derive(secret, head["election"], "check-in", 32)
    want(keyed(image[:80], key) == read["check"], "superblock: its check is wrong")
    desks = {desk[1]: desk[2] for desk in head["desks"]}
    own = sign_public(derive(secret, head["election"], "sign", 32))
    want(desks.get(int.from_bytes(read["desk"], "big")) == own, "the secret is not that of a desk of the roll")
    want(is_filled(image[96:BLOCK], 0xFF), "bytes behind the superblock are not erased")
    given, unsettled, returns = set(), set(), 0
    start, places = BLOCK + JOURNAL_LENGTH, -(-head["capacity"] * 5 // 4)
    for place in range(places):
        entry = part(image, start + place * CHECK_IN, CHECK_IN)
        if is_filled(entry, 0xFF) or is_filled(entry, 0):
            continue
        whole = is_filled(entry[16:], 0) or is_filled(entry[16:], 0xFF)
        want(whole, f"check-in {place}: its granted word is not whole")
        check = keyed(entry[:8] + place.to_bytes(4, "big"), key)[:8]
        if not want(check == entry[8:16], f"check-in {place}: its check is wrong"):
            continue
        position, is_granted = number(entry, (0, 4)), counts_as_cleared(entry[16:])
        if position == RETURNED:
            returns += 1
        elif want(position in roll.voters, f"check-in {place}: of nobody in the roll"):
            (given if is_granted else unsettled).add(roll.voters[position][0])
    want(is_filled(image[start + places * CHECK_IN :], 0xFF), "bytes behind the check-ins are not erased")
    return {"given": sorted(given), "open": sorted(unsettled), "returned": returns}


def keyed(message, key):
    return hashlib.blake2b(message, key=key, digest_size=16).digest()


def check_desk(arguments):
    report = Report()
    out = {"problems": report.problems, "unchecked": report.unchecked}
    try:
        roll = Roll(read(arguments.roll), bytes.fromhex(arguments.authority), report)
        out["voters"] = sorted(roll.voters.values())
        if arguments.a and arguments.b and arguments.secret:
            secret = bytes.fromhex(arguments.secret)
            a, b = (read_desk(name, read(getattr(arguments, name)), roll, secret, report) for name in ("a", "b"))
            report.want(a == b, "the media hold different check-ins")
            out["checkIns"] = a
        else:
            report.unchecked.append("check-ins: no images, or no secret")
    except (Refused, ValueError) as why:
        report.problems.append(str(why))
    return out


# ------------------------------------------------------------------------------------------------------------ a day

def merge(a, b, report):
    """Records of both media, which hold the same."""
    report.want(a.states == b.states, "the media differ in the states of their slots")
    for slot in sorted(set(a.records) | set(b.records)):
        report.want(a.records.get(slot) == b.records.get(slot), f"slot {slot}: the media hold different records")
    report.want(a.marks == b.marks, "the media differ in their spent marks")
    report.want(a.words == b.words, "the media differ in the words of their superblocks")
    return {**b.records, **a.records}


def check_journal(journal, records, results, report):
    opened_entry, closed, counted = (journal.last(event) for event in (OPENED, CLOSED, COUNTED))
    report.want(opened_entry is not None or not records, "journal: there are ballots and the polls were not opened")
    if closed is not None:
        report.want(closed[2] == len(records), f"journal: closed with {closed[2]} ballots, {len(records)} are stored")
    if results is not None:
        good = closed is not None and counted is not None and counted[2] == results["ballots"]
        report.want(good, "journal: there are results, and it has not counted so many")
    report.want(counted is None or results is not None, "journal: counted, and there are no results")


def check_day(arguments):
    report = Report()
    out = {"problems": report.problems, "unchecked": report.unchecked}
    try:
        package = read_package(arguments, report)
        keys = audit_keys(arguments, package.election)
        media = [Medium(name, read(getattr(arguments, name)), package, keys, report) for name in ("a", "b")]
        a, b = media
        if arguments.secret:
            own = sign_public(derive(bytes.fromhex(arguments.secret), package.election, "sign", 32))
            report.want(own == a.terminal["sign"], "the device's secret is not that of the terminal in the package")
        records = merge(a, b, report)
        journals = [Journal(medium) for medium in media]
        report.want(journals[0].entries == journals[1].entries, "the media hold different journals")
        stored = [medium.results() for medium in media]
        report.want(stored[0] == stored[1], "the media hold different results")
        results = None if stored[0] is None else read_results(a, stored[0], records, report)
        check_journal(journals[0], records, results, report)
        out.update(ballots=len(records), voids=a.voids, terminal=a.terminal_id, entries=len(journals[0].entries))
        out["lengths"] = sorted({len(record) for record, _ in records.values()})
        if results is not None:
            out.update(signed=results["contests"], code=verification_code(stored[0][0]))
        if keys is None:
            report.unchecked.append("checks of the superblock, the slots, the logs and the spent marks: no audit keys")
        if journals[0].unsigned > 0:
            report.unchecked.append(f"{journals[0].unsigned} journal entries behind the last signed one")
        if arguments.tally:
            out["counted"] = count(package, a, records, bytes.fromhex(arguments.tally), results, report)
        else:
            report.unchecked.append("what is in the ballots: no key")
    except (Refused, UnicodeDecodeError) as why:
        report.problems.append(str(why))
    return out


def count(package, medium, records, secret, results, report):
    public = box_public(secret)
    if not report.want(public == medium.terminal["box"], "the key is not that of the terminal's ballots"):
        return None
    tally = Tally(package)
    for slot, (_, box) in sorted(records.items()):
        plain = open_box(box, public, secret)
        if not report.want(plain is not None, f"slot {slot}: its box does not open"):
            continue
        try:
            tally.add(plain)
        except Refused as why:
            report.want(False, f"slot {slot}: {why}")
    counted = tally.contests()
    if results is not None:
        report.want(counted == results["contests"], "the ballots give other results than the signed ones")
    return counted


def read_package(arguments, report):
    authority = bytes.fromhex(arguments.authority)
    if arguments.package:
        return Package(read(arguments.package), authority, report)
    return Package(read(arguments.flash)[PACKAGE_AT:], authority, report)


def audit_keys(arguments, election):
    if arguments.secret:
        secret = bytes.fromhex(arguments.secret)
        return {name: derive(secret, election, name, 16) for name in AUDIT_KEYS}
    if arguments.audit:
        keys = bytes.fromhex(arguments.audit)
        return {name: keys[16 * i : 16 * i + 16] for i, name in enumerate(AUDIT_KEYS)}
    return None


def read(path):
    with open(path, "rb") as file:
        return file.read()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    of = parser.add_mutually_exclusive_group(required=True)
    of.add_argument("--package")
    of.add_argument("--flash")
    of.add_argument("--roll")
    parser.add_argument("--authority", required=True)
    for name in ("a", "b", "secret", "audit", "tally"):
        parser.add_argument(f"--{name}")
    arguments = parser.parse_args()
    if not arguments.roll and not (arguments.a and arguments.b):
        parser.error("--a and --b are needed")
    out = check_desk(arguments) if arguments.roll else check_day(arguments)
    print(json.dumps(out))
    return 1 if out["problems"] else 0


if __name__ == "__main__":
    sys.exit(main())
