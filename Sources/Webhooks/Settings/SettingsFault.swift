/// What is wrong with a file of settings, all of it at once.
package struct SettingsFault: Error, Hashable, Sendable, CustomStringConvertible {
    package let file: String
    /// A pointer into the file and what is wrong there.
    package let faults: [String]

    package init(file: String, faults: [String]) {
        self.file = file
        self.faults = faults
    }

    /// One line, whatever names stand in the file.
    package var description: String {
        let text = "\(file) cannot be used: \(faults.joined(separator: "; "))."
        return String(text.map { $0.isNewline ? " " : $0 })
    }
}
