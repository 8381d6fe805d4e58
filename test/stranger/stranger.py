#!/usr/bin/env python3
"""Opens and checks the day of a terminal that it knows nothing of but what the FORMAT.md and *.cddl files say.

Written from them alone, in another language and with none of the project's code: what it cannot do, they do not say.
Python's standard library, and libsodium for Ed25519, sealed boxes and SipHash.

  stranger.py --package FILE | --flash FILE  --authority HEX  --assignments FILE  --a IMAGE --b IMAGE
              [--secret HEX | --fuses HEX | --auditor HEX]  [--tally HEX]
  stranger.py --roll FILE  --authority HEX  [--assignments FILE --a IMAGE --b IMAGE --secret HEX]

  --flash        an image of the main flash, in which the package lies
  --authority    Ed25519 public key of the election's authority
  --assignments  the signed list of assignments to the package, or to the roll
  --secret       the device's secret: gives the audit keys
  --fuses        the key in the device's fuses: with --flash it gives the secret
  --auditor      X25519 secret that opens the audit keys in the loading statement
  --tally        X25519 secret that opens the terminal's ballots
  --roll         an electoral roll, and the images and the secret of a desk

Prints one JSON object; its "problems" are empty, and the exit status is 0, when all that could be checked is right.
"""

import argparse
import ctypes
import ctypes.util
import hashlib
import hmac
import json
import sys
from collections import namedtuple

# ----------------------------------------------------------------------------------------------------- what is where

SECRETS_AT, REQUEST_AT, CERTIFICATE_AT, ASSIGNMENT_AT = (0x0000, 0x1000), 0x2000, 0x3000, 0x4000  # of the main flash
EPOCH_AT, PACKAGE_AT = 0x6000, 0x10000
COPY_LENGTH = 68  # of the wrapped secret
EPOCH = {"number": (0, 4), "election": (4, 20), "phase": (20, 21), "cells": (24, 28), "chain": (28, 44)}
EPOCH_CHECK, EPOCH_LENGTH, EPOCHS = (44, 60), 64, 128
BLOCK = 4096  # of a medium, and a page of the package
HEADER = {"magic": (0, 4), "version": (4, 6), "length": (6, 10)}  # of a package
SECTIONS = ("definition", "options", "texts", "search", "photos", "atlas", "names")  # numbers 1 to 7
OPTION = {"contest": (0, 2), "list": (2, 4), "code": (4, 8), "name": (8, 12), "affiliation": (12, 16)}
OPTION["photo"] = (16, 20)
OPTION_LENGTH = 20
SEARCH_LETTERS, SEARCH_LENGTH, ALPHABET_LENGTH = 16, 18, 32
NO_LIST, NO_TEXT, NO_PHOTO = 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF

SUPERBLOCK = {"magic": (0, 4), "identity": (4, 36), "terminal": (36, 40), "slots": (40, 44), "slot_length": (44, 48)}
SUPERBLOCK_CHECK = (48, 64)
WORDS = {"at": 256, "length": 16, "count": 64}
ERASING_WORD = (2048, 2064)
STATE_WORDS = {"opened": (2064, 2080), "closed": (2080, 2096), "counted": (2096, 2112), "released": (2112, 2128)}
LOADING = {"magic": (0, 4), "length": (4, 8)}
LOADING_BODY, LOADING_MAX = 256, 3840
CELL, CHAIN = 128, 16  # of the journal
JOURNAL_LENGTH = 1024 * 1024
ENTRY = {"number": (0, 4), "payload": (4, 48), "check": (48, 64)}  # of the logs
ENTRY_LENGTH, LOG_LENGTH = 64, 2 * BLOCK
HEAD = {"epoch": (0, 4), "ballots": (4, 8), "voids": (8, 12), "set": (12, 28)}
TICK, MARK, CHECK, COMMIT = 8, 16, 16, 16
RESULTS = {"magic": (0, 4), "results": (4, 8), "list": (8, 12), "zero": (12, 16)}
RESULTS_BODY = 256
NAME = 16  # of a record
CHECKPOINT, OPENED, CLOSED, COUNTED, RELEASED = 15, 10, 13, 85, 86  # events of the journal
STATE_EVENTS = {"opened": OPENED, "closed": CLOSED, "counted": COUNTED, "released": RELEASED}
AUDIT_KEYS = ("slot", "set", "head", "token", "transaction", "journal", "state")

# fields of the definition and of what is in it: package.cddl
DEFINITION = {
    "kind": 1, "title": 2, "station": 3, "station_name": 4, "contests": 5, "styles": 6, "policy": 7, "collector": 8,
    "card_rules": 9, "ballot_length": 10, "paper": 11, "escrow": 12, "audit": 13, "cards": 14, "needed": 15,
}
CONTEST = {
    "id": 1, "kind": 2, "title": 3, "votes": 4, "options": 5, "blank": 6, "heading": 7, "two_lines": 8,
    "affiliations": 9, "search": 10, "photos": 11,
}
ASSIGNMENT = {
    "identity": 1, "serial": 2, "sign": 3, "box": 4, "station": 5, "id": 6, "role": 7,
    "election": 8, "epoch": 9, "station_key": 10,
}
BALLOT_ROLE, DESK_ROLE = 1, 2
LOADED = {
    "election": 1, "terminal": 2, "station": 3, "tally": 4, "needed": 5, "shares": 6, "device_part": 7,
    "escrow_part": 8, "audit_keys": 9,
}
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


def box_of_seed(seed):
    public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(32)
    sodium.crypto_box_seed_keypair(public, secret, seed)
    return public.raw


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
    """The signed envelope of a file of pages, its identity, and the pages behind it."""
    if data[:4] != magic or number(data, HEADER["version"]) != version:
        raise Refused(f"{kind}: no header of version {version}")
    at = HEADER["length"][1]
    end = at + number(data, HEADER["length"])
    payload = opened(kind, data[at:end], authority)
    start = pages_of(end) * BLOCK
    report.want(not any(data[end:start]), f"{kind}: the envelope's page is not filled up with zeros")
    return cbor(payload), sha256(payload), data[start:]


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
        envelope, self.identity, rest = open_tree(data, b"SGEP", 5, "package", authority, report)
        self.election = self.identity[:16]
        self.read_envelope(envelope)
        self.data = read_tree(rest, self.pages, self.root, report)
        self.read_sections()
        self.read_definition()
        self.read_options()
        self.check_texts()
        self.check_search()
        self.check_atlas()
        self.check_photos()
        self.check_names()

    def read_envelope(self, envelope):
        names = {"format": 1, "pages": 2, "root": 3, "sections": 4}
        envelope = fields(envelope, names, "envelope")
        if envelope["format"] != 1:
            raise Refused("envelope: another format")
        self.pages, self.root = envelope["pages"], envelope["root"]
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


    def check_names(self):
        title, station, contests = cbor(self.sections["names"])
        shape = [(contest["options"], str) for contest in self.contests]
        good = isinstance(title, str) and isinstance(station, str)
        good = good and [(len(options), type(name)) for name, options in contests] == shape
        good = good and all(isinstance(name, str) for _, options in contests for name in options)
        self.report.want(good, "names: not those of the contests and options")


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


# --------------------------------------------------------------------------------------------------------- the devices

def read_assignments(data, identity, authority, report):
    """device.cddl: the devices of a package or a roll, by role and number."""
    listed = fields(cbor(opened("assignments", data, authority)), {"identity": 1, "entries": 2}, "assignments")
    devices = [
        fields(cbor(opened("assignment", each, authority)), ASSIGNMENT, "assignment") for each in listed["entries"]
    ]
    good = all(each["identity"] == identity for each in [listed] + devices)
    report.want(good, "assignments: of another package or roll")
    for key in ("serial", "sign"):
        report.want(len({each[key] for each in devices}) == len(devices), f"assignments: a {key} twice")
    found = {(each["role"], each["id"]): each for each in devices}
    report.want(len(found) == len(devices) and all(number > 0 for _, number in found), "assignments: a number twice")
    return found


def station_key(assignment, secret):
    """What the station's terminals share, sealed to each: firmware/device/FORMAT.md."""
    seed = derive(secret, b"", "device box", 32)
    return open_box(assignment["station_key"], box_of_seed(seed), hashlib.sha512(seed).digest()[:32])


def unwrap(flash, fuses):
    """The device's secret, as it lies twice on the main flash: firmware/device/FORMAT.md."""
    for at in SECRETS_AT:
        copy = flash[at : at + COPY_LENGTH]
        body, check = copy[:52], copy[52:]
        expected = hmac.digest(fuses, b"sandogh check" + body, "sha256")[:16]
        if body[:4] == b"SNDK" and check == expected:
            pad = hmac.digest(fuses, b"sandogh wrap" + body[:20], "sha256")
            return bytes(each ^ mask for each, mask in zip(body[20:], pad))
    raise Refused("main flash: no copy of the secret that these fuses open")


def stored(flash, at):
    length = number(flash, (at, at + 2))
    return flash[at + 2 : at + 2 + length]


def check_device(flash, secret, terminal, authority, report):
    """What lies in front of the package is this device's: certificate and assignment."""
    of_factory, of_device = cbor(stored(flash, CERTIFICATE_AT))
    factory = fields(cbor(opened("key", of_factory, authority)), {"kind": 1, "key": 2, "since": 3}, "factory's key")
    report.want(factory["kind"] == 1, "certificate: not by a factory")
    names = {"serial": 1, "model": 2, "revision": 3, "sign": 4, "box": 5, "tests": 6}
    device = fields(cbor(opened("device", of_device, factory["key"])), names, "device's certificate")
    request = stored(flash, REQUEST_AT)
    asked = fields(cbor(opened("request", request, device["sign"])), {"sign": 1, "box": 2, "model": 3}, "request")
    report.want(all(asked[name] == device[name] for name in asked), "request: of another device than the certificate")
    assignment = fields(cbor(opened("assignment", stored(flash, ASSIGNMENT_AT), authority)), ASSIGNMENT, "assignment")
    report.want(assignment == terminal, "the assignment on the device is not the one in the list")
    good = all(assignment[name] == device[name] for name in ("serial", "sign", "box"))
    report.want(good, "the assignment is not for the device of the certificate")
    if secret:
        report.want(box_of_seed(derive(secret, b"", "device box", 32)) == device["box"], "box key: of another secret")


def check_epoch(flash, secret, package, journal, report):
    """The terminal's own memory of how far the election has come: firmware/vault/FORMAT.md, "Epoch"."""
    key, newest = derive(secret, b"", "epoch", 16), None
    for place in range(EPOCHS):
        at = EPOCH_AT + place * EPOCH_LENGTH
        entry = flash[at : at + EPOCH_LENGTH]
        body, check = entry[: EPOCH_CHECK[0]], entry[EPOCH_CHECK[0] : EPOCH_CHECK[1]]
        if sip_hash(body + place.to_bytes(4, "big"), key) != check:
            continue
        if newest is None or number(body, EPOCH["number"]) > number(newest, EPOCH["number"]):
            newest = body
    if not report.want(newest is not None, "epoch: none, and the polls were opened"):
        return
    report.want(newest[EPOCH["election"][0] : EPOCH["election"][1]] == package.election, "epoch: of another election")
    phases = [OPENED, CLOSED, COUNTED, RELEASED]
    reached = [i for i, event in enumerate(phases) if journal.last(event)]
    report.want(number(newest, EPOCH["phase"]) == 2 + reached[-1], "epoch: another phase than the journal's")
    chain = newest[EPOCH["chain"][0] : EPOCH["chain"][1]]
    report.want(journal.chains.get(number(newest, EPOCH["cells"])) == chain, "epoch: the media are older")


# ---------------------------------------------------------------------------------------------------------- a medium

Layout = namedtuple(
    "Layout", "slots slot_length loading journal journal_head transaction head counter spent store results"
)
SLOT_STATES = ("free", "voided", "decided", "undecided")


def lay_out(package):
    slots = -(-package.capacity * 5 // 4)
    slot_length = -(-(2 + package.ballot_length + 48 + 128 + CHECK + COMMIT) // 256) * 256
    regions, at = [], BLOCK
    logs = (LOG_LENGTH, LOG_LENGTH, LOG_LENGTH)
    items = (TICK * package.capacity, MARK * slots, slot_length * slots)
    for length in (BLOCK, JOURNAL_LENGTH, *logs, *items):
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

    def __init__(self, name, image, package, devices, known, report):
        self.name, self.image, self.package, self.report = name, image, package, report
        self.layout = lay_out(package)
        if len(image) < self.layout.results:
            raise Refused(f"medium {name}: too small for this election")
        self.read_superblock()
        self.terminal = devices.get((BALLOT_ROLE, self.terminal_id))
        if self.terminal is None:
            raise Refused(f"medium {name}: of terminal {self.terminal_id}, which is not assigned")
        self.want(self.terminal["station"] == package.definition["station"], "its terminal is of another station")
        self.read_loading()
        self.keys = self.audit_keys(known)
        self.check_superblock()
        self.read_slots()
        self.read_counter()
        self.read_marks()
        self.transactions = self.read_log("transaction", self.layout.transaction)
        self.heads = self.read_log("head", self.layout.head)
        self.journal_heads = self.read_log("journal", self.layout.journal_head)
        self.check_head()
        self.check_gaps()

    def want(self, condition, what):
        return self.report.want(condition, f"medium {self.name}: {what}")

    def read_superblock(self):
        block, layout = self.image[:BLOCK], self.layout
        read = {name: block[span[0] : span[1]] for name, span in SUPERBLOCK.items()}
        if read["magic"] != b"SND2" or read["identity"] != self.package.identity:
            raise Refused(f"medium {self.name}: no superblock of this package")
        self.terminal_id = int.from_bytes(read["terminal"], "big")
        good = number(block, SUPERBLOCK["slots"]) == layout.slots
        good = good and number(block, SUPERBLOCK["slot_length"]) == layout.slot_length
        self.want(good, "superblock: other slots than the package's")
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
        unused = ((64, 256), (words_end, ERASING_WORD[0]), (STATE_WORDS["released"][1], BLOCK))
        for start, end in unused:
            self.want(is_filled(block[start:end], 0xFF), f"superblock: bytes {start} to {end - 1} are not erased")

    def check_superblock(self):
        if self.keys:
            body, check = self.image[: SUPERBLOCK_CHECK[0]], self.image[SUPERBLOCK_CHECK[0] : SUPERBLOCK_CHECK[1]]
            self.want(sip_hash(body, self.keys["head"]) == check, "superblock: its check is wrong")

    def check_states(self, journal):
        """State words say what the journal says."""
        for name, (start, end) in STATE_WORDS.items():
            word, is_there = self.image[start:end], journal.last(STATE_EVENTS[name]) is not None
            self.want(is_filled(word, 0xFF) != is_there, f"state word {name}: the journal says something else")
            if is_there and self.keys:
                message = name.encode() + self.package.election + self.terminal_id.to_bytes(4, "big")
                self.want(sip_hash(message, self.keys["state"]) == word, f"state word {name}: it is wrong")

    def read_loading(self):
        """loading.cddl, against the package and the assignment."""
        region = part(self.image, self.layout.loading, BLOCK)
        length = number(region, LOADING["length"])
        if region[:4] != b"SNDL" or length > LOADING_MAX:
            raise Refused(f"medium {self.name}: no loading statement")
        end = LOADING_BODY + length
        beside = region[LOADING["length"][1] : LOADING_BODY] + region[end:]
        self.want(is_filled(beside, 0xFF), "bytes beside the loading statement")
        self.loading = region[LOADING_BODY:end]
        said = fields(cbor(opened("loading", self.loading, self.terminal["sign"])), LOADED, "loading statement")
        definition = self.package.definition
        of = (self.package.election, self.terminal_id, definition["station"], definition["needed"])
        good = (said["election"], said["terminal"], said["station"], said["needed"]) == of
        self.want(good, "loading statement: of another election, terminal or station")
        cards = sorted((card[1], card[2]) for card in definition["cards"])
        self.want(sorted((share[1], share[2]) for share in said["shares"]) == cards, "shares: not those of the cards")
        self.loaded = said

    def audit_keys(self, known):
        if known.secret:
            keys = {name: derive(known.secret, self.package.election, name, 16) for name in AUDIT_KEYS}
            station = station_key(self.terminal, known.secret)
            self.want(station is not None, "the station's key is not sealed to this device")
            return {**keys, "token": derive(station or bytes(32), self.package.election, "token", 16)}
        if known.auditor is None:
            return None
        plain = open_box(self.loaded["audit_keys"], box_public(known.auditor), known.auditor)
        if plain is None:
            raise Refused("the audit keys do not open")
        said = fields(cbor(plain), {"election": 1, "terminal": 2, "keys": 3}, "audit keys")
        of = (self.package.election, self.terminal_id)
        self.want((said["election"], said["terminal"]) == of, "audit keys: of another terminal")
        keys = dict(said["keys"])
        return {name: keys[name] for name in AUDIT_KEYS}

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
        self.entries, self.chains = [], {}
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
            length = cell[0]
            entry = cell[1 : 1 + length]
            if not medium.want(length <= CELL - CHAIN - 1, f"journal: cell {i} is longer than a cell"):
                break
            after = self.chain_after(chain, entry)
            if medium.keys and sip_hash(after, medium.keys["journal"]) != cell[-CHAIN:]:
                medium.want(False, f"journal: cell {i} does not continue the chain")
                break
            medium.want(is_filled(cell[1 + length : -CHAIN], 0xFF), f"journal: bytes behind the entry of cell {i}")
            value = self.read_entry(entry, i, medium)
            if value[0] == CHECKPOINT:
                good = verify(value[3], self.prefix + chain, medium.terminal["sign"])
                medium.want(good, f"journal: cell {i}: the checkpoint's signature is wrong")
            self.entries.append(value)
            chain = self.chains[i + 1] = after
        self.check_end(medium, max(self.chains, default=0), chain)
        signed = [i for i, entry in enumerate(self.entries) if entry[0] == CHECKPOINT]
        self.unsigned = len(self.entries) - 1 - (signed[-1] if signed else -1)

    @staticmethod
    def check_end(medium, cells, chain):
        """The journal's head knows its last entry."""
        if medium.want(len(medium.journal_heads) == 1, f"{len(medium.journal_heads)} heads of the journal"):
            payload = medium.journal_heads[0][ENTRY["payload"][0] : ENTRY["payload"][1]]
            said = (number(payload, (0, 4)), payload[4 : 4 + CHAIN])
            medium.want(said == (cells, chain), "the journal does not end where its head says")
            medium.want(not any(payload[4 + CHAIN :]), "the journal's head is not filled up with zeros")

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
    names = {"identity": 1, "terminal": 2, "time": 3, "ballots": 4, "voids": 5, "records": 6, "media": 7, "k": 8}
    names.update({"contests": 9, "version": 10, "kind": 11})
    try:
        results = fields(cbor(opened("results", signed, medium.terminal["sign"])), names, "results")
        listed = cbor(opened("record-list", signed_list, medium.terminal["sign"]))
        listed = fields(listed, {"election": 1, "terminal": 2, "names": 3}, "record list")
    except Refused as why:
        report.want(False, f"medium {medium.name}: {why}")
        return None
    of = (medium.package.identity, medium.package.election, medium.terminal_id, medium.terminal_id)
    said = (results["identity"], listed["election"], results["terminal"], listed["terminal"])
    report.want(said == of, "results: of another package or terminal")
    report.want(results["kind"] == medium.package.definition["kind"], "results: of another kind of election")
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
    "format": 1, "election": 2, "kind": 3, "station": 4, "pages": 5, "root": 6, "voter_pages": 7, "voters": 8,
    "rice": 9, "styles": 10, "cards": 11, "capacity": 12,
}
VOTER_PAGE, KEYS_END, CHECK_IN = 256, 10**9, 32
DESK_BLOCK = {"magic": (0, 4), "version": (4, 6), "capacity": (6, 8), "election": (8, 24), "root": (24, 56)}
DESK_BLOCK.update({"desk": (56, 60), "zero": (60, 64), "hash": (64, 80), "check": (80, 96)})
DESK_HEAD = {"granted": (0, 4), "open": (4, 8), "returned": (8, 12), "set": (12, 28), "latest": (28, 32)}
OPEN, GRANTED = 1, 2  # kinds of check-ins
RETURNED = 0xFFFFFFFF


class Roll:
    """firmware/roll/FORMAT.md: every voter, as {position: (ten digits, ballot style)}."""

    def __init__(self, data, authority, report):
        envelope, self.identity, rest = open_tree(data, b"SGRL", 3, "roll", authority, report)
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


def read_desk(name, image, roll, desks, secret, report):
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
    desk = desks.get((DESK_ROLE, int.from_bytes(read["desk"], "big")), {})
    want(desk.get("sign") == sign_public(derive(secret, b"", "device sign", 32)), "the secret is not that of this desk")
    want(desk.get("station") == head["station"], "the desk is of another station")
    want(is_filled(image[96:BLOCK], 0xFF), "bytes behind the superblock are not erased")
    given, unsettled, returns = set(), set(), 0
    head_at = BLOCK + JOURNAL_LENGTH + LOG_LENGTH
    start, places, kinds = head_at + LOG_LENGTH, -(-head["capacity"] * 5 // 4), {}
    for place in range(places):
        entry = part(image, start + place * CHECK_IN, CHECK_IN)
        if is_filled(entry, 0xFF) or is_filled(entry, 0):
            continue
        whole = is_filled(entry[16:], 0) or is_filled(entry[16:], 0xFF)
        want(whole, f"check-in {place}: its granted word is not whole")
        stream = keyed(entry[8:16] + place.to_bytes(4, "big"), keyed(b"seal", key))
        content = bytes(byte ^ stream[i] for i, byte in enumerate(entry[:8]))
        check = keyed(content + place.to_bytes(4, "big"), key)[:8]
        if not want(check == entry[8:16], f"check-in {place}: its check is wrong"):
            continue
        position, is_granted = number(content, (0, 4)), counts_as_cleared(entry[16:])
        kinds[place] = (position, GRANTED if is_granted else OPEN)
        if position == RETURNED:
            returns += 1
        elif want(position in roll.voters, f"check-in {place}: of nobody in the roll"):
            (given if is_granted else unsettled).add(roll.voters[position][0])
    want(is_filled(image[start + places * CHECK_IN :], 0xFF), "bytes behind the check-ins are not erased")
    check_desk_head(part(image, head_at, LOG_LENGTH), kinds, key, want)
    return {"given": sorted(given), "open": sorted(unsettled), "returned": returns}


def check_desk_head(log, kinds, key, want):
    """The head knows of these entries and of no others."""
    head_key, set_key = keyed(b"head", key), keyed(b"set", key)
    heads = []
    for place in range(LOG_LENGTH // ENTRY_LENGTH):
        entry = part(log, place * ENTRY_LENGTH, ENTRY_LENGTH)
        if is_filled(entry, 0xFF) or is_filled(entry, 0):
            continue
        body, check = entry[: ENTRY["check"][0]], entry[ENTRY["check"][0] :]
        if want(sip_hash(body + place.to_bytes(4, "big"), head_key) == check, f"head, place {place}: its check"):
            heads.append(body[ENTRY["payload"][0] :])
    if not want(len(heads) == (1 if kinds else 0), f"{len(heads)} heads of the check-ins") or not heads:
        return
    total, counts, latest = 0, {"granted": 0, "open": 0, "returned": 0}, {0}
    for place, (position, kind) in kinds.items():
        whom = RETURNED if position == RETURNED else position + 1
        element = place.to_bytes(4, "big") + whom.to_bytes(4, "big") + bytes([kind])
        total ^= int.from_bytes(sip_hash(element, set_key), "big")
        if position != RETURNED:
            counts["open" if kind == OPEN else "granted"] += 1
        elif kind == GRANTED:
            counts["returned"] += 1
        if kind == OPEN:
            latest.add(place + 1)
    said = heads[0]
    numbers = {name: number(said, DESK_HEAD[name]) for name in counts}
    want(numbers == counts, f"the head has {numbers}, the check-ins {counts}")
    expected = sip_hash(total.to_bytes(16, "big") + said[:12], set_key)
    want(expected == said[DESK_HEAD["set"][0] : DESK_HEAD["set"][1]], "the head's set is not of these check-ins")
    want(number(said, DESK_HEAD["latest"]) in latest, "the head's open entry is not open")


def keyed(message, key):
    return hashlib.blake2b(message, key=key, digest_size=16).digest()


def check_desk(arguments):
    report = Report()
    out = {"problems": report.problems, "unchecked": report.unchecked}
    try:
        roll = Roll(read(arguments.roll), bytes.fromhex(arguments.authority), report)
        out["voters"] = sorted(roll.voters.values())
        if arguments.assignments and arguments.a and arguments.b and arguments.secret:
            authority = bytes.fromhex(arguments.authority)
            desks = read_assignments(read(arguments.assignments), roll.identity, authority, report)
            secret = bytes.fromhex(arguments.secret)
            images = ((name, read(getattr(arguments, name))) for name in ("a", "b"))
            a, b = (read_desk(name, image, roll, desks, secret, report) for name, image in images)
            report.want(a == b, "the media hold different check-ins")
            out["checkIns"] = a
        else:
            report.unchecked.append("check-ins: no images, no assignments, or no secret")
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
    report.want(a.loading == b.loading, "the media hold different loading statements")
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
        authority = bytes.fromhex(arguments.authority)
        devices = read_assignments(read(arguments.assignments), package.identity, authority, report)
        flash = read(arguments.flash) if arguments.flash else None
        known = read_known(arguments, flash)
        images = [(name, read(getattr(arguments, name))) for name in ("a", "b")]
        a, b = media = [Medium(name, image, package, devices, known, report) for name, image in images]
        if known.secret:
            own = sign_public(derive(known.secret, b"", "device sign", 32))
            report.want(own == a.terminal["sign"], "the device's secret is not that of the terminal")
        if flash:
            check_device(flash, known.secret, a.terminal, authority, report)
        records = merge(a, b, report)
        journals = [Journal(medium) for medium in media]
        report.want(journals[0].entries == journals[1].entries, "the media hold different journals")
        stored = [medium.results() for medium in media]
        report.want(stored[0] == stored[1], "the media hold different results")
        results = None if stored[0] is None else read_results(a, stored[0], records, report)
        check_journal(journals[0], records, results, report)
        for medium, journal in zip(media, journals):
            medium.check_states(journal)
        if flash and known.secret and journals[0].last(OPENED):
            check_epoch(flash, known.secret, package, journals[0], report)
        out.update(ballots=len(records), voids=a.voids, terminal=a.terminal_id, entries=len(journals[0].entries))
        out["lengths"] = sorted({len(record) for record, _ in records.values()})
        if results is not None:
            out.update(signed=results["contests"], code=verification_code(stored[0][0]))
        if a.keys is None:
            what = "superblock, slots, logs, spent marks, the journal's cells and head, state words"
            report.unchecked.append(f"keyed checks of {what}: no audit keys")
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
    if not report.want(public == medium.loaded["tally"], "the key is not that of the terminal's ballots"):
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


Known = namedtuple("Known", "secret auditor")


def read_known(arguments, flash):
    if arguments.fuses and flash:
        return Known(unwrap(flash, bytes.fromhex(arguments.fuses)), None)
    secret, auditor = (each and bytes.fromhex(each) for each in (arguments.secret, arguments.auditor))
    return Known(secret, auditor)


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
    for name in ("a", "b", "assignments", "secret", "fuses", "auditor", "tally"):
        parser.add_argument(f"--{name}")
    arguments = parser.parse_args()
    if not arguments.roll and not (arguments.a and arguments.b and arguments.assignments):
        parser.error("--a, --b and --assignments are needed")
    out = check_desk(arguments) if arguments.roll else check_day(arguments)
    print(json.dumps(out))
    return 1 if out["problems"] else 0


if __name__ == "__main__":
    sys.exit(main())
