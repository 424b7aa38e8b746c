using Tarn.Access;
using Tarn.Access.Sessions;

namespace Tarn.Catalog.Rest.Credentials;

/// <summary>
/// Issues temporary keys for grants, and hands the same ones to the same caller for half of their time: a table that is loaded again and again is answered
/// with the same bytes, so that entity tags keep their use. Keys that were revoked since are not handed out again.
/// </summary>
/// <param name="tokens">Issues them.</param>
/// <param name="access">Knows which of them still hold.</param>
/// <param name="lifetime">How long they are good.</param>
/// <param name="time">The clock.</param>
internal sealed class IssuedCredentials(SecurityTokenService tokens, IAccessControl access, TimeSpan lifetime, TimeProvider time)
{
    /// <summary>Most credentials that are kept.</summary>
    public const int MaxKept = 4096;

    /// <summary>The service that grants, as the audit trail names it.</summary>
    public const string Service = "catalog";

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Arn, string AccessKeyId, string Policy, string Table), TemporaryCredential> _kept = [];

    /// <summary>A credential for a grant, good for at least half the lifetime unless the caller's own session ends before.</summary>
    /// <exception cref="Core.Errors.TarnException">The caller is gone.</exception>
    public async ValueTask<TemporaryCredential> IssueAsync(Caller caller, TableGrant grant, CancellationToken cancellationToken)
    {
        var key = (caller.Arn, caller.AccessKeyId, grant.ToPolicy(), grant.Table.ToText());
        TemporaryCredential? known;
        lock (_gate)
            known = _kept.GetValueOrDefault(key);
        if (known is not null && IsFresh(known) && (await access.FindAccessKeyAsync(known.AccessKeyId, known.SessionToken, cancellationToken)).Status == AccessKeyStatus.Found)
            return known;

        var issued = await tokens.DelegateAsync(caller, new DelegationRequest(Service, key.Item3, lifetime, key.Item4), cancellationToken);
        lock (_gate)
        {
            if (_kept.Count >= MaxKept)
                RemoveOld();
            _kept[key] = issued;
        }

        return issued;
    }

    private bool IsFresh(TemporaryCredential credential) => credential.Expiration - time.GetUtcNow() > lifetime / 2;

    private void RemoveOld()
    {
        foreach (var (key, credential) in _kept.ToList())
        {
            if (!IsFresh(credential))
                _kept.Remove(key);
        }

        if (_kept.Count >= MaxKept)
            _kept.Clear();
    }
}
