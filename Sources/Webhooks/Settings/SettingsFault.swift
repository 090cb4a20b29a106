/// What is wrong with a file of settings, all of it at once.
package struct SettingsFault: Error, Hashable, Sendable, CustomStringConvertible {
    package let file: String
    /// A pointer into the file and what is wrong there.
    package let faults: [String]

    package init(file: String, faults: [String]) {
        self.file = file
        self.faults = faults
    }

    package var description: String { "\(file) cannot be used: \(faults.joined(separator: "; "))." }
}
