/// Where Google's containers run. Highland runs those of the web; what belongs to others is kept and does not run.
package enum ContainerUsage: String, Sendable, CaseIterable {
    case web
    case amp
    /// Apps with Google's old kit for devices or with Firebase.
    case app
    case server
}
