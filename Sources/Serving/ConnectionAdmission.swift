internal import Events
internal import Synchronization

/// Counts connections, in all and by address, over all loops. The map holds only addresses with an open connection, so
/// it is bounded by the number of connections. Locked twice a connection, never per request.
///
/// A connection is counted where it is accepted, before it is handed to its loop: loops that are late hold no more of the
/// process's descriptors than the caps allow.
final class ConnectionAdmission: Sendable {
    enum Verdict { case welcome, overLimit, overAddressLimit, overAll }

    private struct State {
        var total = 0
        var byAddress: [IPAddress: Int] = [:]
    }

    private let state = Mutex(State())
    private let totalMax: Int
    private let addressMax: Int
    private let trustedProxies: TrustedProxies

    /// - trustedProxies: exempt from the limit per address.
    init(totalMax: Int, addressMax: Int, trustedProxies: TrustedProxies) {
        self.totalMax = max(totalMax, 1)
        self.addressMax = max(addressMax, 1)
        self.trustedProxies = trustedProxies
    }

    /// Counts a connection in; every verdict but `overAll` needs a `leave` later.
    func enter(_ address: IPAddress) -> Verdict {
        let isExempt = trustedProxies.contains(address)
        return state.withLock { state in
            guard state.total < totalMax + max(totalMax / 8, 1) else { return .overAll }
            state.total += 1
            var own = 0
            if !isExempt {
                own = state.byAddress[address, default: 0] + 1
                state.byAddress[address] = own
            }
            if state.total > totalMax { return .overLimit }
            return own > addressMax ? .overAddressLimit : .welcome
        }
    }

    func leave(_ address: IPAddress) {
        let isExempt = trustedProxies.contains(address)
        state.withLock { state in
            state.total -= 1
            guard !isExempt, let own = state.byAddress[address] else { return }
            state.byAddress[address] = own > 1 ? own - 1 : nil
        }
    }
}
