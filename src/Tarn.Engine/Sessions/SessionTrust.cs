namespace Tarn.Engine.Sessions;

/// <summary>
/// What the statements of a session may do beside asking the catalogs. Sessions of different trust never share an instance of the embedded engine:
/// its sandbox holds for a whole instance.
/// </summary>
public enum SessionTrust
{
    /// <summary>Statements have the rights of the process: they may read and write local files, as on the command line.</summary>
    Trusted,

    /// <summary>
    /// Statements come from somebody else, e.g. over the network: they reach tables of the catalogs and nothing else, neither files, settings nor the
    /// environment of the process. Anything else is refused with <see cref="Core.Errors.ErrorKind.PermissionDenied"/>, naming what.
    /// </summary>
    Untrusted,
}
