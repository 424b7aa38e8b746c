using Tarn.Access.Administration;
using Tarn.Access.Auditing;
using Tarn.Access.Secrets;
using Tarn.Access.Sessions;
using Tarn.Access.Store;
using Tarn.Access.Throttling;

namespace Tarn.Access;

/// <summary>
/// Identity, put together over a store: what doors ask (<see cref="Control"/>), temporary credentials, administration and the audit trail.
/// Opening creates nothing; a server calls <see cref="AccessAdministration.EnsureRootAsync"/> before it listens. Disposing writes the rest of the audit trail.
/// </summary>
public sealed class AccessServices : IAsyncDisposable
{
    private readonly AuditWriter _audit;
    private readonly RefusalCount _refusals;

    /// <summary>Puts identity together.</summary>
    /// <param name="store">Where identities are kept.</param>
    /// <param name="options">Where files lie, and the seams.</param>
    public AccessServices(IAccessStore store, AccessOptions options)
    {
        var vault = new SecretVault(Path.Join(options.DataFolder, SecretVault.FolderName), options.Time, options.Random);
        var states = new AccessStates(store, options.Time);
        var keys = new AccessKeyFinder(vault, options.Time);
        _audit = new AuditWriter(AuditFolder(options.DataFolder), options.Audit, options.Time);
        _refusals = new RefusalCount(_audit, options.Time);
        Control = new AccessControl(states, vault, keys, new FailureThrottle(options.Time), _refusals, _audit, options.Time);
        Tokens = new SecurityTokenService(states, keys, Control, options.Time, options.Random);
        AccessTokens = new AccessTokenService(states, keys, options.Time, options.Random);
        Administration = new AccessAdministration(states, vault, _audit, options);
    }

    /// <summary>What doors ask.</summary>
    public IAccessControl Control { get; }

    /// <summary>Temporary credentials.</summary>
    public SecurityTokenService Tokens { get; }

    /// <summary>Bearer tokens.</summary>
    public AccessTokenService AccessTokens { get; }

    /// <summary>Users, keys, groups, roles and policies.</summary>
    public AccessAdministration Administration { get; }

    /// <summary>The audit trail, for events that doors write themselves, and its count of lost ones.</summary>
    public IAuditLog Audit => _audit;

    /// <summary>Folder of the audit trail of a data folder.</summary>
    public static string AuditFolder(string dataFolder) => Path.Join(dataFolder, AuditOptions.FolderName);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _refusals.Dispose();
        return _audit.DisposeAsync();
    }
}
