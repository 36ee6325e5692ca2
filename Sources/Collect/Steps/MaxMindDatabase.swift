internal import CMaxMindDB
package import Events

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Country, region and city from a MaxMind database file (GeoLite2, GeoIP2, DB-IP and others in its format).
///
/// libmaxminddb maps the file and walks the search tree; the records it points to are read by `MaxMindRecord`, with a
/// bound on every step, because the library's own walk trusts sizes and nesting. The file is tried all over the address
/// space before it is taken, and refused where anything is wrong; a damaged record met later is an unknown place. The
/// file is replaced by rename only: a mapped file that is cut short stops the process. About 1 us a lookup.
package final class MaxMindDatabase: GeoDatabase, @unchecked Sendable {
    // SAFETY: written in `init` only; libmaxminddb reads an open database from any number of threads.
    private var database = MMDB_s()
    private let path: String
    private let type: String

    package init(path: String) throws(PrivacyError) {
        self.path = path
        guard let bytes = try PrivateFile.readPublic(path, bytesMax: 2 << 30) else {
            throw .geoDatabase(file: path, reason: "no such file")
        }
        guard MaxMindRecord.hasReadableMetadata(bytes) else {
            throw .geoDatabase(file: path, reason: "metadata is missing or damaged")
        }
        let status = MMDB_open(path, UInt32(MMDB_MODE_MMAP), &database)
        guard status == MMDB_SUCCESS else {
            throw .geoDatabase(file: path, reason: String(cString: MMDB_strerror(status)))
        }
        type = database.metadata.database_type.map { String(cString: $0) } ?? "unnamed"
        do throws(PrivacyError) {
            try check()
        } catch {
            MMDB_close(&database)
            throw error
        }
        isOpen = true
    }

    private var isOpen = false
    deinit { if isOpen { MMDB_close(&database) } }

    package var summary: String { "places from \(path): \(type), \(database.metadata.node_count) nodes" }

    package func find(_ address: IPAddress, into place: inout GeoPlace) {
        if case .failure = look(up: address, &place) { place.removeAll() }
    }

    /// A thousand addresses all over IPv4, and IPv6 where the file has it.
    private func check() throws(PrivacyError) {
        guard database.metadata.ip_version == 4 || database.metadata.ip_version == 6 else {
            throw .geoDatabase(file: path, reason: "ip_version \(database.metadata.ip_version), expected 4 or 6")
        }
        var place = GeoPlace()
        for index in 0..<1024 {
            let scattered = UInt64(index) &* 0x9E37_79B9_7F4A_7C15
            let address =
                index & 1 == 0
                ? IPAddress(ipv4: UInt32(truncatingIfNeeded: scattered >> 32))
                : IPAddress(high: 0x2000_0000_0000_0000 | scattered >> 3, low: scattered)
            place.removeAll()
            if case .failure(let error) = look(up: address, &place) { throw error }
        }
    }

    private func look(up address: IPAddress, _ place: inout GeoPlace) -> Result<Bool, PrivacyError> {
        if !address.isIPv4, database.metadata.ip_version == 4 { return .success(false) }
        var status: Int32 = 0
        let result = search(address, &status)
        guard status == MMDB_SUCCESS else {
            return .failure(.geoDatabase(file: path, reason: String(cString: MMDB_strerror(status))))
        }
        guard result.found_entry else { return .success(false) }
        // SAFETY: the library holds the mapping of the data section open until `deinit`, and has checked at opening that
        // the section lies inside the file; the record reader stays inside these bounds.
        let section = UnsafeRawBufferPointer(
            start: database.data_section, count: Int(database.data_section_size))
        var record = MaxMindRecord()
        guard record.read(RawSpan(_unsafeBytes: section), at: Int(result.entry.offset), into: &place) else {
            return .failure(.geoDatabase(file: path, reason: "a record is damaged"))
        }
        return .success(true)
    }

    private func search(_ address: IPAddress, _ status: inout Int32) -> MMDB_lookup_result_s {
        // SAFETY: the library reads a socket address of the family's own size, and both are whole and zeroed here.
        if address.isIPv4 {
            var socket = sockaddr_in()
            socket.sin_family = sa_family_t(AF_INET)
            socket.sin_addr.s_addr = address.ipv4.bigEndian
            return withUnsafePointer(to: &socket) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { MMDB_lookup_sockaddr(&database, $0, &status) }
            }
        }
        var socket = sockaddr_in6()
        socket.sin6_family = sa_family_t(AF_INET6)
        withUnsafeMutableBytes(of: &socket.sin6_addr) {
            $0.storeBytes(of: address.high.bigEndian, toByteOffset: 0, as: UInt64.self)
            $0.storeBytes(of: address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return withUnsafePointer(to: &socket) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { MMDB_lookup_sockaddr(&database, $0, &status) }
        }
    }
}
