internal import NIOCore

/// One file of the page, held in memory in every form in which it is sent.
struct StaticFile: Sendable {
    /// Bytes and the tag that stands for exactly them.
    struct Representation: Sendable {
        let body: ByteBuffer
        let tag: EntityTag

        init(_ bytes: [UInt8]) {
            body = ByteBuffer(bytes: bytes)
            tag = EntityTag(of: bytes)
        }
    }

    let type: ContentType
    let plain: Representation
    /// Only for types that compress, and only when it came out smaller.
    let gzip: Representation?
    /// What the file looked like on disk when it was read.
    let stamp: FileStamp

    init(bytes: [UInt8], type: ContentType, stamp: FileStamp) {
        self.type = type
        self.stamp = stamp
        plain = Representation(bytes)
        let compressed = type.compresses ? Gzip.compress(bytes) : nil
        gzip = compressed.flatMap { $0.count < bytes.count ? Representation($0) : nil }
    }

    func representation(for accepted: AcceptEncoding) -> Representation {
        accepted.prefersGzip ? gzip ?? plain : plain
    }
}
