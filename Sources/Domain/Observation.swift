/// What a source reports about the world around the signals. Each is logged as it came and changes no signal.
package enum Observation: Hashable, Sendable, Codable {
    case pattern(Pattern)
    case portfolio(Portfolio)
    case campaign(Campaign)
    case session(SessionStatus)
    case algorithm(AlgorithmDecision)
    case alert(Alert)
    case notice(Notice)
    case risk(RiskAlert)
}
