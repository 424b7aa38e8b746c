using System.Runtime.CompilerServices;
using Tarn.Access.Identities;
using Tarn.Access.Policies;
using Tarn.Access.Secrets;
using Tarn.Access.Store;

namespace Tarn.Access.Sessions;

/// <summary>Finds lasting and temporary keys in a state, and says who acts with them.</summary>
internal sealed class AccessKeyFinder(SecretVault vault, TimeProvider time)
{
    // A key is parsed once for each change of it: what was opened for it is right as long as the object is there.
    private readonly ConditionalWeakTable<AccessKey, Opened> _opened = [];

    private SessionKey? _sessionKey;

    public AccessKeyLookup Find(AccessState state, string accessKeyId, string? sessionToken)
    {
        if (sessionToken is not null)
            return FindTemporary(state, accessKeyId, sessionToken);
        if (state.FindKey(accessKeyId) is { } key && state.FindUser(key.User) is { } user)
            return FindLasting(state, key, user);
        // A temporary key without its token is not unknown: AWS tells the two apart, and so clients know what to do.
        return AccessKeyLookup.Refused(accessKeyId.StartsWith(IdentityDraw.TemporaryPrefix, StringComparison.Ordinal) ? AccessKeyStatus.InvalidToken : AccessKeyStatus.NotFound);
    }

    /// <summary>The key that seals session tokens.</summary>
    /// <exception cref="Core.Errors.TarnException">DataCorrupted when the master key is gone.</exception>
    public byte[] SessionKeyOf(Account account)
    {
        if (Volatile.Read(ref _sessionKey) is { } known && ReferenceEquals(known.Sealed, account.SessionKey))
            return known.Key;
        byte[] key = vault.OpenBytes(SecretPurpose.SessionKey, account.SessionKey);
        Volatile.Write(ref _sessionKey, new SessionKey(account.SessionKey, key));
        return key;
    }

    /// <summary>A user as caller.</summary>
    public static Caller CallerOf(User user, string accessKeyId = "") => new()
    {
        Kind = user.IsRoot ? CallerKind.Root : CallerKind.User,
        Name = user.Name,
        Arn = user.Arn,
        CanonicalId = user.CanonicalId,
        DisplayName = user.DisplayName ?? user.Name,
        AccountId = user.AccountId,
        AccessKeyId = accessKeyId,
    };

    private AccessKeyLookup FindLasting(AccessState state, AccessKey key, User user)
    {
        if (key.IsDisabled || user.IsDisabled)
            return AccessKeyLookup.Refused(AccessKeyStatus.Disabled);
        if (key.Expires is { } end && end <= time.GetUtcNow())
            return AccessKeyLookup.Refused(AccessKeyStatus.Expired);
        if (!_opened.TryGetValue(key, out var opened) || !ReferenceEquals(opened.User, user))
        {
            string secret = vault.OpenText(SecretPurpose.OfKey(key.Id), key.Secret);
            opened = new Opened(user, new AccessKeyLookup(AccessKeyStatus.Found, new AccessCredential(key.Id, secret, CallerOf(user, key.Id) with { Narrowing = NarrowingOf(state, key) })));
            _opened.AddOrUpdate(key, opened);
        }

        return opened.Lookup;
    }

    private AccessKeyLookup FindTemporary(AccessState state, string accessKeyId, string sessionToken)
    {
        if (state.Account is not { } account || SessionToken.TryOpen(SessionKeyOf(account), sessionToken) is not { } session || session.AccessKeyId != accessKeyId)
            return AccessKeyLookup.Refused(AccessKeyStatus.InvalidToken);
        if (session.Expires <= time.GetUtcNow())
            return AccessKeyLookup.Refused(AccessKeyStatus.Expired);
        // Of before grants had a subject: nobody could say what it is for.
        if (session is { Delegate: not null } and not { Grant: not null, Subject: not null })
            return AccessKeyLookup.Refused(AccessKeyStatus.InvalidToken);
        if (!TryFindHolder(state, session, out var caller, out var validFrom) || (validFrom is { } from && session.Issued < from) || !IsParentAlive(state, session))
            return AccessKeyLookup.Refused(AccessKeyStatus.InvalidToken);
        caller = caller! with
        {
            AccessKeyId = accessKeyId,
            SessionIssued = session.Issued,
            SessionExpires = session.Expires,
            ParentKeyId = session.ParentKeyId,
            SessionPolicy = session.Policy,
            SessionPolicyNames = session.PolicyNames,
            Narrowing = [.. NarrowingOf(state, session), .. caller.Kind == CallerKind.AssumedRole ? [] : NarrowingOf(state, ParentOf(state, session))],
        };
        if (session is { Delegate: { } service, Grant: { } policy })
            caller = DelegateOf(caller, service, policy) with { GrantSubject = session.Subject, Holder = caller with { SessionIssued = session.HolderIssued } };
        return new AccessKeyLookup(AccessKeyStatus.Found, new AccessCredential(accessKeyId, session.Secret, caller));
    }

    private static bool TryFindHolder(AccessState state, SessionToken session, out Caller? caller, out DateTimeOffset? validFrom)
    {
        (caller, validFrom) = state.FindByCanonicalId(session.CanonicalId) switch
        {
            User { IsDisabled: false } user => (CallerOf(user), user.SessionsValidFrom),
            Role role when session.SessionName is { } name => (CallerOf(role, name), role.SessionsValidFrom),
            _ => ((Caller?)null, (DateTimeOffset?)null),
        };
        return caller is not null;
    }

    /// <summary>A session of a role as caller.</summary>
    public static Caller CallerOf(Role role, string session) => new()
    {
        Kind = CallerKind.AssumedRole,
        Name = role.Name,
        Arn = $"arn:aws:sts::{role.AccountId}:assumed-role/{role.Name}/{session}",
        CanonicalId = role.CanonicalId,
        DisplayName = $"{role.Name}/{session}",
        AccountId = role.AccountId,
        SessionName = session,
    };

    // The grant is all that it may do, and also its limit: what a bucket opens to others is not added.
    private static Caller DelegateOf(Caller holder, string service, string policy)
    {
        var grant = PolicyDocument.Parse(policy, PolicyKind.Identity);
        string session = holder.SessionName ?? holder.Name;
        return holder with
        {
            Kind = CallerKind.AssumedRole,
            Name = service,
            Arn = $"arn:aws:sts::{holder.AccountId}:assumed-role/{service}/{session}",
            SessionName = session,
            Grant = grant,
            Narrowing = [new NarrowingPolicy($"grant of the {service}", grant, IsSession: false)],
        };
    }

    private bool IsParentAlive(AccessState state, SessionToken session) =>
        session.ParentKeyId is null
        || (ParentOf(state, session) is { IsDisabled: false } key && !(key.Expires <= time.GetUtcNow()) && state.FindUser(key.User) is { IsDisabled: false });

    private static AccessKey? ParentOf(AccessState state, SessionToken session) => session.ParentKeyId is { } id ? state.FindKey(id) : null;

    private static IReadOnlyList<NarrowingPolicy> NarrowingOf(AccessState state, AccessKey? key) =>
        key?.Policy is { } policy ? [new NarrowingPolicy($"policy of key {key.Id}", state.Parse(policy, PolicyKind.Identity), IsSession: false)] : [];

    // The policies of a session allow together what any of them allows, so they are one.
    private static IReadOnlyList<NarrowingPolicy> NarrowingOf(AccessState state, SessionToken session)
    {
        List<PolicyDocument> policies = [.. session.PolicyNames.Select(name => state.FindDocument(name) ?? Nothing)];
        if (session.Policy is { } own)
            policies.Add(PolicyDocument.Parse(own, PolicyKind.Identity));
        return policies.Count == 0 ? [] : [new NarrowingPolicy("session policy", Union(policies), IsSession: true)];
    }

    private static PolicyDocument Union(List<PolicyDocument> policies) =>
        policies is [var only] ? only : new PolicyDocument("", policies[0].Version, null, [.. policies.SelectMany(p => p.Statements)]);

    // A managed policy that was removed since allows nothing any more.
    private static PolicyDocument Nothing { get; } = PolicyDocument.Parse("""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"none:none","Resource":"*"}}""", PolicyKind.Identity);

    private sealed record SessionKey(string Sealed, byte[] Key);

    private sealed class Opened(User user, AccessKeyLookup lookup)
    {
        public User User => user;

        public AccessKeyLookup Lookup => lookup;
    }
}
