/// What processing a visitor may be asked about. The raw value is the place of the two bits in `Consent`.
package enum Purpose: UInt8, Sendable, CaseIterable {
    case measurement = 0
    case personalisation = 1
    case advertising = 2
    case sharing = 3
    /// Linking identifiers across sites and devices.
    case stitching = 4

    /// The letter that stands for a grant in a pixel's `consent` value.
    package var letter: UInt8 {
        switch self {
        case .measurement: UInt8(ascii: "m")
        case .personalisation: UInt8(ascii: "p")
        case .advertising: UInt8(ascii: "a")
        case .sharing: UInt8(ascii: "s")
        case .stitching: UInt8(ascii: "x")
        }
    }
}

/// One purpose's state in an event.
package enum ConsentState: UInt8, Sendable, CaseIterable {
    /// Nobody has asked, or no answer has come yet.
    case unknown = 0
    case granted = 1
    case denied = 2
    /// Refused by a standing signal such as GPC, without having been asked.
    case objected = 3
}

/// Every purpose's state, two bits each, as it is stored in a record's header.
package struct Consent: Hashable, Sendable {
    package var rawValue: UInt16
    package static let unknown = Consent(rawValue: 0)

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The same state for every purpose.
    package init(all state: ConsentState) {
        self.init(rawValue: 0)
        for purpose in Purpose.allCases { self[purpose] = state }
    }

    package subscript(_ purpose: Purpose) -> ConsentState {
        get {
            ConsentState(rawValue: UInt8(truncatingIfNeeded: rawValue >> (UInt16(purpose.rawValue) * 2)) & 3)
                ?? .unknown
        }
        set {
            let shift = UInt16(purpose.rawValue) * 2
            rawValue = (rawValue & ~(3 << shift)) | (UInt16(newValue.rawValue) << shift)
        }
    }

    package func grants(_ purpose: Purpose) -> Bool { self[purpose] == .granted }
}
