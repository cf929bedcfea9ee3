"""Seeds of the fuzzers out of recorded data: fuzz-seeds.py DATA SEEDS.

Writes SEEDS/etl (the first 96 KiB of each trace, as the fuzzer's buffers are small), SEEDS/pe (images),
SEEDS/pkcs7 (their certificate tables) and SEEDS/ctl (catalogs). They are not ours to keep in the repository.
"""
import pathlib
import struct
import subprocess
import sys

TRACE_BYTES = 96 * 1024
IMAGE_BYTES = 256 * 1024
CERTIFICATE_TABLE = 4  # its index among a PE's data directories


def certificate_table(image: bytes) -> bytes:
    """The bytes that the PE's header says are its certificate table, or none."""
    try:
        header = struct.unpack_from("<I", image, 0x3C)[0] + 24
        directories = header + (112 if struct.unpack_from("<H", image, header)[0] == 0x20B else 96)
        offset, size = struct.unpack_from("<II", image, directories + 8 * CERTIFICATE_TABLE)
    except struct.error:
        return b""
    return image[offset : offset + size]


def seeds(data: pathlib.Path):
    for trace in sorted(data.glob("etl/**/*.etl.zst")):
        head = subprocess.run(
            f"zstd -dcq '{trace}' | head -c {TRACE_BYTES}", shell=True, check=True, capture_output=True
        ).stdout
        yield "etl", trace.stem, head
    for file in sorted(data.glob("pe/**/*")):
        if not file.is_file() or file.stat().st_size > IMAGE_BYTES:
            continue
        content = file.read_bytes()
        if file.suffix == ".cat":
            yield "ctl", file.name, content
        elif content[:2] == b"MZ":
            yield "pe", file.name, content
            if table := certificate_table(content):
                yield "pkcs7", file.name, table


def main(data: str, target: str) -> None:
    for fuzzer, name, content in seeds(pathlib.Path(data)):
        folder = pathlib.Path(target, fuzzer)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


main(*sys.argv[1:])
