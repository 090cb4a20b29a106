import ArgumentParser
import Domain
import Foundation
import PolicyFile
import Wire

/// `countersign policy`: looks at a policy file without a desk.
struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Check and explain a policy file.",
        subcommands: [PolicyCheckCommand.self, PolicyExplainCommand.self]
    )
}

/// Tells every fault of a file; exit code 1 when there is one.
struct PolicyCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Tell what is wrong with a policy file."
    )

    @Argument(help: "The policy, YAML or JSON.", completion: .file())
    var file: String

    func run() async throws {
        let policy = try PolicyCommand.policy(file)
        let rules = policy.rules.count == 1 ? "1 rule" : "\(policy.rules.count) rules"
        PolicyCommand.say("\(file): version \(policy.stamp.version), \(rules), sha256 \(policy.stamp.hash)")
    }
}

/// Says what a policy asks of a signal, in the words of the page and of the refusals.
struct PolicyExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what a policy asks of a signal."
    )

    @Argument(help: "The policy, YAML or JSON.", completion: .file())
    var file: String

    @Option(help: "A signal as its source sends it, JSON.", completion: .file())
    var signal: String

    @Option(help: "The portfolio and the campaigns, as the messages their source sends; JSON.", completion: .file())
    var desk: String?

    @Option(name: .customLong("as"), help: "Whom to answer for. (default: everybody the policy names)")
    var user: [String] = []

    func run() async throws {
        let policy = try PolicyCommand.policy(file)
        let now = Timestamp(Date())
        let context = SourceMessage.Context(now: now, source: "api") { UUID() }
        let book = try desk.map { try Self.book($0, context) } ?? Book()
        let message = try PolicyCommand.readable(signal) { try SourceMessage.parseSignal($0, context) }
        guard case .command(.receive(let id, let proposal)) = message else { return }
        let numbers = DeskNumbers(
            proposal,
            portfolio: book.portfolio,
            campaign: proposal.campaignID.flatMap { book.campaigns[$0] }
        )
        let standing = policy.standing(of: Signal(id: id, proposal: proposal, receivedAt: now), numbers)
        let names = user.isEmpty ? policy.peopleNamed.map(\.name) : user
        PolicyCommand.say(try Explanation(standing, policy: policy, users: names.map(Self.name)).text)
    }

    private struct Book {
        var portfolio: Portfolio?
        var campaigns: [String: Campaign] = [:]
    }

    private static func book(_ path: String, _ context: SourceMessage.Context) throws -> Book {
        var book = Book()
        for message in try PolicyCommand.readable(path, { try SourceMessage.parseEvents($0, context) }) {
            switch message {
            case .command(.observe(.portfolio(let portfolio))): book.portfolio = portfolio
            case .command(.observe(.campaign(let campaign))): book.campaigns[campaign.campaignID] = campaign
            default: continue
            }
        }
        return book
    }

    private static func name(_ text: String) throws -> UserName {
        guard let name = UserName(text) else { throw ValidationError("--as must be a name of 1 to 64 characters.") }
        return name
    }
}

extension PolicyCommand {
    static func policy(_ path: String) throws -> Policy {
        do throws(PolicyFaults) {
            return try PolicyReader.read(path: path)
        } catch {
            for fault in error.faults {
                let place = fault.line > 0 ? "\(path):" : "\(path): "
                complain("\(place)\(fault)")
            }
            if error.leftOut > 0 { complain("\(path): \(error.leftOut) more") }
            throw ExitCode(1)
        }
    }

    /// What stands in a JSON file, or what is wrong with it.
    static func readable<Value>(_ path: String, _ read: ([UInt8]) throws -> Value) throws -> Value {
        guard let data = FileManager.default.contents(atPath: path) else {
            complain("\(path) cannot be read.")
            throw ExitCode(1)
        }
        do {
            return try read(Array(data))
        } catch let invalid as InvalidRequest {
            for fault in invalid.faults {
                complain("\(path): \(fault.pointer.isEmpty ? "it" : fault.pointer) \(fault.detail)")
            }
            throw ExitCode(1)
        }
    }

    static func say(_ text: String) { FileHandle.standardOutput.write(Data("\(text)\n".utf8)) }

    private static func complain(_ line: String) { FileHandle.standardError.write(Data("\(line)\n".utf8)) }
}
