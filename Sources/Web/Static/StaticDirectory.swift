internal import Foundation
internal import NIOCore

/// Whether a file is still the one that was read: another time, size or inode means another file.
struct FileStamp: Hashable, Sendable {
    let path: String
    let modified: Date
    let bytes: Int
    let inode: Int
}

/// The files below a root as they were at one moment.
struct StaticIndex: Sendable {
    var files: [StaticPath: StaticFile] = [:]
    /// What lies below the root and is not served, each with its reason; for the log.
    var skipped: [String: String] = [:]
    var bytes = 0

    mutating func add(_ file: StaticFile, at path: StaticPath) {
        files[path] = file
        bytes += file.plain.body.readableBytes + (file.gzip?.body.readableBytes ?? 0)
    }
}

/// The folder that files are served from, and how much of it fits into memory.
///
/// Reading is by walking: only what the walk finds exists. It skips names that begin with a dot, anything that is neither
/// a regular file nor a directory, and links, except a link to a regular file that itself lies below the root.
struct StaticDirectory: Sendable {
    /// Absolute, without links.
    let root: String
    let limits: StaticFiles.Limits

    /// - Throws: `StaticFilesError` when there is no such directory.
    init(_ path: String, limits: StaticFiles.Limits) throws(StaticFilesError) {
        var isDirectory: ObjCBool = false
        guard let root = Self.withoutLinks(path),
            FileManager.default.fileExists(atPath: root, isDirectory: &isDirectory), isDirectory.boolValue
        else { throw StaticFilesError(.notADirectory, "There is no directory \(path) to serve the page from.") }
        self.root = root
        self.limits = limits
    }

    /// Walks the directory and reads what is not in `known` already. Blocks on the disk.
    func read(reusing known: StaticIndex = StaticIndex()) throws(StaticFilesError) -> StaticIndex {
        var index = StaticIndex()
        do {
            try walk(root, at: "", depth: 0, reusing: known, into: &index)
        } catch {
            throw StaticFilesError(.unreadable, "The page's directory \(root) cannot be read.", underlying: error)
        }
        return index
    }

    private func walk(
        _ directory: String,
        at place: String,
        depth: Int,
        reusing known: StaticIndex,
        into index: inout StaticIndex
    ) throws {
        guard depth < limits.depthMax else {
            index.skipped[place] = "deeper than \(limits.depthMax) directories"
            return
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: directory).sorted() where !name.hasPrefix(".") {
            let path = "\(directory)/\(name)"
            let place = "\(place)/\(name)"
            // An editor's temporary file may be gone by now.
            guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { continue }
            switch attributes[.type] as? FileAttributeType {
            case .typeDirectory:
                try walk(path, at: place, depth: depth + 1, reusing: known, into: &index)
            case .typeRegular:
                add(path, at: place, reusing: known, into: &index)
            case .typeSymbolicLink:
                if let target = targetBelowRoot(ofLink: path) {
                    add(target, at: place, reusing: known, into: &index)
                } else {
                    index.skipped[place] = "a link to something that is not a file of this directory"
                }
            default:
                index.skipped[place] = "neither a file nor a directory"
            }
        }
    }

    private func add(
        _ path: String,
        at place: String,
        reusing known: StaticIndex,
        into index: inout StaticIndex
    ) {
        let key = StaticPath(fromDisk: place)
        guard let stamp = FileStamp(path) else { return }
        if let file = known.files[key], file.stamp == stamp {
            index.add(file, at: key)
            return
        }
        guard stamp.bytes <= limits.fileBytesMax else {
            index.skipped[place] = "larger than \(limits.fileBytesMax) bytes"
            return
        }
        guard index.files.count < limits.filesMax, index.bytes + stamp.bytes <= limits.totalBytesMax else {
            index.skipped[place] = "beyond \(limits.filesMax) files or \(limits.totalBytesMax) bytes"
            return
        }
        // A file may go or grow between the look and the read; the next look finds what came of it.
        guard let bytes = FileManager.default.contents(atPath: path), bytes.count <= limits.fileBytesMax else {
            index.skipped[place] = "unreadable"
            return
        }
        let type = ContentType(fileExtension: (place as NSString).pathExtension)
        index.add(StaticFile(bytes: Array(bytes), type: type, stamp: stamp), at: key)
    }

    private func targetBelowRoot(ofLink path: String) -> String? {
        guard let target = Self.withoutLinks(path), target.hasPrefix(root + "/") else { return nil }
        let segments = target.dropFirst(root.count).split(separator: "/")
        let attributes = try? FileManager.default.attributesOfItem(atPath: target)
        guard segments.allSatisfy({ !$0.hasPrefix(".") }), attributes?[.type] as? FileAttributeType == .typeRegular
        else { return nil }
        return target
    }

    private static func withoutLinks(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}

extension FileStamp {
    fileprivate init?(_ path: String) {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return nil }
        self.init(
            path: path,
            modified: attributes[.modificationDate] as? Date ?? .distantPast,
            bytes: (attributes[.size] as? NSNumber)?.intValue ?? 0,
            inode: (attributes[.systemFileNumber] as? NSNumber)?.intValue ?? 0
        )
    }
}
