import StorageContract
import Testing

/// The contract on every store there is; what each behaviour is about stands in its name.
@Test(arguments: StoreFixture.all, StoreContract.behaviours)
func `every store keeps the contract`(fixture: StoreFixture, behaviour: StoreContract.Behaviour) async throws {
    try await fixture.withStore { store in try await behaviour.check(store) }
}
