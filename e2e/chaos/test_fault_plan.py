"""A seed is a plan: the same one every time, another for every other seed."""

from chaos.fault_plan import FAULT_WEIGHTS, Fault, LaneKind, describe, plan_connection, plan_deaths

LANES = {"socket-0": LaneKind.STREAM, "plain-0": LaneKind.PLAIN_STREAM, "poll-0": LaneKind.REQUESTS}


def test_same_seed_gives_the_same_plan_and_another_seed_another():
    assert describe(7, 60, LANES, 20) == describe(7, 60, LANES, 20)
    assert describe(7, 60, LANES, 20) != describe(8, 60, LANES, 20)


def test_a_lane_does_not_change_what_happens_on_another():
    alone = [plan_connection(7, "socket-0", LaneKind.STREAM, number) for number in range(5)]
    plan_connection(7, "plain-0", LaneKind.PLAIN_STREAM, 0)

    assert [plan_connection(7, "socket-0", LaneKind.STREAM, number) for number in range(5)] == alone


def test_every_fault_comes_where_it_may_and_no_other():
    for kind, weights in FAULT_WEIGHTS.items():
        faults = {plan_connection(1, "lane", kind, number).fault for number in range(500)}
        assert faults == set(weights), kind
    assert Fault.LOSE_FRAME not in FAULT_WEIGHTS[LaneKind.STREAM]


def test_the_server_dies_both_ways_and_lives_at_the_end():
    deaths = [death for seed in range(20) for death in plan_deaths(seed, 60)]

    assert {death.is_polite for death in deaths} == {True, False}
    assert all(0 < death.at_ms < 60_000 for death in deaths)
    assert all(len(plan_deaths(seed, 60)) >= 2 for seed in range(20))
