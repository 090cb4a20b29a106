/// How much of everything.
struct Scale {
    /// Tabs of the rows about speed.
    var tabs = 1000
    /// Tabs of the rows about many.
    var crowd = 10_000
    var sampleEvery = 50
    var messagesPerSecond = 20.0
    var measuredSeconds = 4.0
    var warmUpSeconds = 0.5
    var closedLoopSeconds = 2.5
    /// Messages that not every tab has yet.
    var closedLoopWindow = 64
    var closedLoopPosters = 64
    var crowdMessages = 25
    var crowdMessagesPerSecond = 5.0
    /// What tabs have to catch up with after a restart.
    var missedMessages = 20
    var callers = 64
    var postSeconds = 2.0
    /// Callers who decide at the same time, by measurement.
    var deciders = [1, 8, 64]
    /// More than one caller gets answered in the time.
    var decisionsPerCaller = 4_000
    var decisionsMax = 16_000
    var restSeconds = 0.5

    static let full = Scale()

    /// Enough to see that everything works.
    static let quick = Scale(
        tabs: 50,
        crowd: 200,
        sampleEvery: 5,
        measuredSeconds: 1,
        warmUpSeconds: 0.1,
        closedLoopSeconds: 0.5,
        closedLoopWindow: 16,
        closedLoopPosters: 16,
        crowdMessages: 5,
        crowdMessagesPerSecond: 20,
        missedMessages: 10,
        callers: 8,
        postSeconds: 0.5,
        deciders: [1, 8],
        decisionsPerCaller: 200,
        decisionsMax: 800,
        restSeconds: 0.1
    )
}
