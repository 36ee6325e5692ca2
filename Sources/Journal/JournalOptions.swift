/// How a journal is kept. The defaults are for a server; tests use small numbers.
package struct JournalOptions: Sendable {
    /// The journal's own folder; made when missing (its parent must exist).
    package var directory: String
    /// A file that has grown to this takes no more batches. At least 4 KiB; a larger batch gets a file of its own size.
    package var fileBytes = 64 << 20
    /// Zeros written ahead of the batches in one go; whole blocks.
    package var zeroChunkBytes = 512 << 10
    /// Batches are written in multiples of it. A multiple of any volume's own blocks lets them pass the system's cache by.
    package var blockBytes = 4096
    /// Bytes that may wait for their commit; beyond them appends are refused as `queueFull`. At most 48 MiB.
    package var queueBytesMax = 32 << 20
    /// When the oldest append has waited longer, appends are refused as `queueFull`.
    package var queueAgeMillisecondsMax: UInt64 = 250
    /// How long after a commit's start the next one begins at the latest, while commits follow each other: appends share
    /// it.
    package var gatherMicrosecondsMax: UInt64 = 2_000
    /// How often it waits for as long again, while the process has no processor to spare. Each adds to the slowest
    /// answers of a process that only now and then has none.
    package var busyGathersMax = 1
    var gatherNanosecondsMax: UInt64 { gatherMicrosecondsMax * 1_000 }
    /// Bytes of committed batches kept for readers that keep up.
    package var ringBytesMax = 64 << 20
    /// Free bytes of the volume below which appends are refused as `noSpace`; nil is 1 GiB or 5 %, whichever is more.
    package var reserveBytes: Int?
    /// How often free space is looked at.
    package var spaceCheckMilliseconds: UInt64 = 250
    /// The idempotency window: this long…
    package var keyWindowMilliseconds: Int64 = 24 * 3_600_000
    /// …or this many keys, whichever is less. Memory: 1.5 bytes a key in files, see `keysInMemory` for the rest.
    package var keyWindowCount = 50_000_000
    /// Keys held in memory before they go to a file. At most four times as many are held while a file is written; 24
    /// bytes a slot, so 12.6 MB as a rule and 25 MB while writing.
    package var keysInMemory = 262_144
    /// Key files are merged up to this many keys, four at a time.
    package var keyFileKeysMax = 4_194_304
    /// What new sealed files are compressed with.
    package var codec = BlockCodec.zlib
    /// How long a file has taken no batch before it is compressed: bursts are over by then.
    package var sealDelayMilliseconds: Int64 = 300_000
    /// Opens although batches are lost, and lets readers pass over them. Only an operator sets it.
    package var acceptsDamage = false

    package init(directory: String) { self.directory = directory }

    /// Never less than two chunks of zeros, so that what is already waiting still finds its room.
    func reserve(totalBytes: Int) -> Int { max(reserveBytes ?? max(1 << 30, totalBytes / 20), 2 * zeroChunkBytes) }
}
