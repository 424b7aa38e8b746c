using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tarn.Access.Identities;
using Tarn.Core.Errors;
using Tarn.Core.Text;

namespace Tarn.Access.Store;

/// <summary>Between identities and their documents.</summary>
internal static class AccessDocuments
{
    public const string AccountKind = "account", UserKind = "user", KeyKind = "key", GroupKind = "group", RoleKind = "role", PolicyKind = "policy";

    /// <summary>Name of the only account document.</summary>
    public const string AccountName = "main";

    public static AccessRecordChange Put(Account account) => Put(AccountKind, AccountName, account, AccessJsonContext.Default.Account);

    public static AccessRecordChange Put(User user) => Put(UserKind, user.Name, user, AccessJsonContext.Default.User);

    public static AccessRecordChange Put(AccessKey key) => Put(KeyKind, key.Id, key, AccessJsonContext.Default.AccessKey);

    public static AccessRecordChange Put(Group group) => Put(GroupKind, group.Name, group, AccessJsonContext.Default.Group);

    public static AccessRecordChange Put(Role role) => Put(RoleKind, role.Name, role, AccessJsonContext.Default.Role);

    public static AccessRecordChange Put(ManagedPolicy policy) => Put(PolicyKind, policy.Name, policy, AccessJsonContext.Default.ManagedPolicy);

    public static AccessRecordChange Remove(string kind, string name) => new(new AccessRecordKey(kind, name), null);

    /// <summary>The identity of a document.</summary>
    /// <exception cref="TarnException">DataCorrupted for anything that is none; Unsupported for a kind of a newer version.</exception>
    public static object Read(AccessRecordKey key, string document)
    {
        try
        {
            return key.Kind switch
            {
                AccountKind => Read(document, AccessJsonContext.Default.Account),
                UserKind => Read(document, AccessJsonContext.Default.User),
                KeyKind => Read(document, AccessJsonContext.Default.AccessKey),
                GroupKind => Read(document, AccessJsonContext.Default.Group),
                RoleKind => Read(document, AccessJsonContext.Default.Role),
                PolicyKind => Read(document, AccessJsonContext.Default.ManagedPolicy),
                _ => throw TarnException.Unsupported($"Identities hold a {key}, of a kind that a newer Tarn wrote; use that version or a newer one."),
            };
        }
        catch (JsonException error)
        {
            throw TarnException.Corrupted($"The stored {key} is damaged: {JsonDefect.Explain(document, error)}. Restore the metastore from a backup.", error);
        }
    }

    private static AccessRecordChange Put<T>(string kind, string name, T value, JsonTypeInfo<T> type) =>
        new(new AccessRecordKey(kind, name), JsonSerializer.Serialize(value, type));

    private static T Read<T>(string document, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(document, type) ?? throw new JsonException("The document is null.");
}
