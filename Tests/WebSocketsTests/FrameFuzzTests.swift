import FrameFuzz
import Testing

/// A little of what scripts/fuzz.sh does at length, with inputs that are the same on every machine.
@Suite struct FrameFuzzTests {
    @Test(arguments: SeedStreams.all.indices)
    func `a stream that means something keeps every promise`(_ number: Int) {
        #expect(FrameProperties.fault(in: SeedStreams.all[number]) == nil)
    }

    @Test(arguments: 0..<40)
    func `mutated and made-up streams keep every promise`(_ seed: UInt64) {
        var mutator = FrameMutator(seed: seed)
        for number in 0..<100 {
            let input = mutator.input()
            #expect(FrameProperties.fault(in: input) == nil, "input \(number) of seed \(seed): \(input)")
        }
    }
}
