using System.Collections.Concurrent;
using System.Collections.Frozen;
using Tarn.Access.Identities;
using Tarn.Access.Policies;
using Tarn.Core.Errors;

namespace Tarn.Access.Store;

/// <summary>All identities at one version, parsed and indexed. Immutable.</summary>
internal sealed class AccessState
{
    private readonly AccessRecords _records;
    private readonly Dictionary<AccessRecordKey, object> _parsed;
    private readonly FrozenDictionary<string, object> _byCanonicalId;
    private readonly ILookup<string, Group> _groupsByMember;
    // By the very text object, which stays the same as long as its document does: hashing a policy for each decision would cost more than evaluating it.
    private readonly ConcurrentDictionary<object, PolicyDocument> _policies = new(ReferenceEqualityComparer.Instance);

    private AccessState(AccessRecords records, Dictionary<AccessRecordKey, object> parsed)
    {
        _records = records;
        _parsed = parsed;
        _byCanonicalId = parsed.Values.Where(v => v is User or Role).ToFrozenDictionary(v => v is User user ? user.CanonicalId : ((Role)v).CanonicalId, StringComparer.Ordinal);
        _groupsByMember = Groups.SelectMany(g => g.Members.Select(m => (Member: m, Group: g))).ToLookup(p => p.Member, p => p.Group, StringComparer.Ordinal);
    }

    public long Version => _records.Version;

    public IEnumerable<User> Users => All<User>();

    public IEnumerable<AccessKey> Keys => All<AccessKey>();

    public IEnumerable<Group> Groups => All<Group>();

    public IEnumerable<Role> Roles => All<Role>();

    public IEnumerable<ManagedPolicy> Policies => All<ManagedPolicy>();

    /// <summary>The installation's account; null before the first start.</summary>
    public Account? Account => Find<Account>(AccessDocuments.AccountKind, AccessDocuments.AccountName);

    /// <summary>Parses what changed since the previous state and takes the rest from it.</summary>
    public static AccessState Create(AccessRecords records, AccessState? previous)
    {
        var parsed = new Dictionary<AccessRecordKey, object>(records.Documents.Count);
        foreach (var (key, document) in records.Documents)
        {
            bool isSame = previous is not null && previous._records.Documents.TryGetValue(key, out string? before) && ReferenceEquals(before, document);
            parsed[key] = isSame ? previous!._parsed[key] : AccessDocuments.Read(key, document);
        }

        return new AccessState(records, parsed);
    }

    public User? FindUser(string name) => Find<User>(AccessDocuments.UserKind, name);

    public AccessKey? FindKey(string id) => Find<AccessKey>(AccessDocuments.KeyKind, id);

    public Group? FindGroup(string name) => Find<Group>(AccessDocuments.GroupKind, name);

    public Role? FindRole(string name) => Find<Role>(AccessDocuments.RoleKind, name);

    public ManagedPolicy? FindPolicy(string name) => Find<ManagedPolicy>(AccessDocuments.PolicyKind, name);

    /// <summary>The user or role of a canonical id; null when there is none.</summary>
    public object? FindByCanonicalId(string canonicalId) => _byCanonicalId.GetValueOrDefault(canonicalId);

    public IEnumerable<Group> GroupsOf(string user) => _groupsByMember[user];

    /// <summary>The policies that say what an identity may do, each with a name for reasons.</summary>
    /// <exception cref="TarnException">DataCorrupted when an attached policy is missing or damaged: what it may deny must not be skipped.</exception>
    public IEnumerable<(string Name, PolicyDocument Policy)> PoliciesOf(User user) =>
        Attached(user.Policies, user.InlinePolicies, $"user {user.Name}")
            .Concat(GroupsOf(user.Name).SelectMany(g => Attached(g.Policies, g.InlinePolicies, $"group {g.Name}")));

    /// <inheritdoc cref="PoliciesOf(User)"/>
    public IEnumerable<(string Name, PolicyDocument Policy)> PoliciesOf(Role role) => Attached(role.Policies, role.InlinePolicies, $"role {role.Name}");

    /// <summary>A managed or canned policy; null when there is none of the name.</summary>
    public PolicyDocument? FindDocument(string name) =>
        CannedPolicies.All.TryGetValue(name, out var canned) ? canned.Document
        : FindPolicy(name) is { } managed ? Parse(managed.Document, PolicyKind.Identity)
        : null;

    /// <summary>A stored policy, parsed once per state.</summary>
    public PolicyDocument Parse(string document, PolicyKind kind)
    {
        try
        {
            return _policies.GetOrAdd(document, static (text, of) => PolicyDocument.Parse((string)text, of), kind);
        }
        catch (TarnException error)
        {
            throw TarnException.Corrupted($"A stored policy is damaged: {error.Message} Put it again with 'tarn policy put'.", error);
        }
    }

    private IEnumerable<(string Name, PolicyDocument Policy)> Attached(IReadOnlyList<string> names, IReadOnlyDictionary<string, string> inline, string holder)
    {
        foreach (string name in names)
            yield return (name, FindDocument(name) ?? throw TarnException.Corrupted($"Policy '{name}', which is attached to {holder}, does not exist. Put it again, or detach it."));
        foreach (var (name, document) in inline)
            yield return ($"{holder}: {name}", Parse(document, PolicyKind.Identity));
    }

    private IEnumerable<T> All<T>() => _records.Documents.Keys.Select(k => _parsed[k]).OfType<T>();

    private T? Find<T>(string kind, string name)
        where T : class => _parsed.GetValueOrDefault(new AccessRecordKey(kind, name)) as T;
}
