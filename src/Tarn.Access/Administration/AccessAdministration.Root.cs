using System.Security.Cryptography;
using System.Text;
using Tarn.Access.Identities;
using Tarn.Access.Secrets;
using Tarn.Access.Store;
using Tarn.Core.Errors;
using Tarn.Core.Files;

namespace Tarn.Access.Administration;

/// <summary>A key of root that the operator chose.</summary>
/// <param name="AccessKeyId">3 to 128 characters.</param>
/// <param name="Secret">3 to 128 characters.</param>
public sealed record RootCredential(string AccessKeyId, string Secret)
{
    /// <summary>The environment variables that hold it.</summary>
    public const string AccessKeyVariable = "TARN_ROOT_ACCESS_KEY", SecretVariable = "TARN_ROOT_SECRET_KEY";

    /// <summary>The key of the environment; null unless both variables are set.</summary>
    /// <exception cref="TarnException">InvalidRequest when a half is not usable.</exception>
    public static RootCredential? FromEnvironment(Func<string, string?> variable)
    {
        if (variable(AccessKeyVariable) is not { Length: > 0 } id || variable(SecretVariable) is not { Length: > 0 } secret)
            return null;
        IdentityNames.RequireAccessKeyId(id);
        IdentityNames.RequireSecret(secret);
        return new RootCredential(id, secret);
    }

    /// <summary>Without the secret, so that it cannot slip into a log.</summary>
    public override string ToString() => AccessKeyId;
}

/// <summary>What a start found or made.</summary>
/// <param name="AccountId">The installation's account.</param>
/// <param name="Generated">
/// The key that was drawn for root and that nobody was shown, now or at a start that came to nothing; null when there is none or the operator chose root's key.
/// </param>
/// <param name="CredentialsFile">Where that key lies, readable by the owner only; null as before.</param>
public sealed record RootStart(string AccountId, NewAccessKey? Generated, string? CredentialsFile);

public sealed partial class AccessAdministration
{
    private const string CredentialsFileName = "root-credentials";

    /// <summary>Makes sure that there are an account, a root user and a key for it: what a server does before it listens.</summary>
    /// <param name="chosen">
    /// The operator's key, which root has from now on, in place of the one chosen before; null to leave root's keys as they are, or to draw one when it has none.
    /// </param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TarnException">AlreadyExists when the chosen id is the key of another user; DataCorrupted when the master key is gone.</exception>
    public async ValueTask<RootStart> EnsureRootAsync(RootCredential? chosen = null, CancellationToken cancellationToken = default)
    {
        NewAccessKey? unshown = null;
        await EnsureAsync(state =>
        {
            unshown = null;
            if (chosen is not null)
                return FollowChosen(state, chosen);
            if (state.Keys.Any(k => k.User == User.RootName))
            {
                unshown = FindUnshown(state);
                return [];
            }

            unshown = Draw(User.RootName);
            return [AccessDocuments.Put(LastingKey(unshown) with { IsUnshown = true })];
        }, cancellationToken).ConfigureAwait(false);
        var account = RequireAccount(await _states.ReadAsync(cancellationToken).ConfigureAwait(false));
        return new RootStart(account.Id, unshown, unshown is null ? null : WriteCredentials(unshown));
    }

    /// <summary>
    /// Notes, durably, that the key which <see cref="EnsureRootAsync"/> gave is shown: it is not given again. A start calls this when everything
    /// answers and before it shows the key, so that a process that is killed between leaves the key in its file and shows it to nobody twice.
    /// </summary>
    /// <param name="accessKeyId">The key's id; one that is gone or was shown changes nothing.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public ValueTask NoteRootShownAsync(string accessKeyId, CancellationToken cancellationToken = default) => _states.ChangeAsync(
        _options.Principal,
        state => state.FindKey(accessKeyId) is { IsUnshown: true } key ? [AccessDocuments.Put(key with { IsUnshown = false })] : [],
        cancellationToken);

    /// <summary>Makes sure that there are an account and a root user, so that others can be added before the first start of a server.</summary>
    public ValueTask EnsureAccountAsync(CancellationToken cancellationToken = default) => EnsureAsync(_ => [], cancellationToken);

    /// <summary>
    /// Gives a user one new key in place of all it had and ends its sessions. For root this is the way back of whoever owns the folder and has
    /// lost the key: it works without a master key too, while other keys that were sealed under a lost one stay unusable.
    /// </summary>
    /// <exception cref="TarnException">NotFound for the user.</exception>
    public async ValueTask<NewAccessKey> ResetUserAsync(string name, CancellationToken cancellationToken = default)
    {
        bool isRoot = name == User.RootName;
        if (isRoot)
        {
            _vault.EnsureMasterKey();
            await EnsureAccountAsync(cancellationToken).ConfigureAwait(false);
        }

        var drawn = Draw(name);
        await ChangeAsync("iam:ResetUser", name, state =>
        [
            .. state.Keys.Where(k => k.User == name).Select(k => AccessDocuments.Remove(AccessDocuments.KeyKind, k.Id)),
            AccessDocuments.Put(RequireUser(state, name) with { SessionsValidFrom = Now }),
            AccessDocuments.Put(LastingKey(drawn)),
            .. ReplaceLostSessionKey(state),
        ], cancellationToken).ConfigureAwait(false);
        if (isRoot)
            WriteCredentials(drawn);
        return drawn;
    }

    private IEnumerable<AccessRecordChange> ReplaceLostSessionKey(AccessState state)
    {
        var account = RequireAccount(state);
        if (_vault.TryOpen(SecretPurpose.SessionKey, account.SessionKey) is null)
            yield return AccessDocuments.Put(account with { SessionKey = NewSessionKey() });
    }

    private async ValueTask EnsureAsync(Func<AccessState, IReadOnlyList<AccessRecordChange>> more, CancellationToken cancellationToken)
    {
        // With identities but without their master key something was lost, and a new one would hide it.
        if ((await _states.ReadAsync(cancellationToken).ConfigureAwait(false)).Account is null)
            _vault.EnsureMasterKey();
        else
            _ = _vault.CurrentKeyId;
        await _states.ChangeAsync(_options.Principal, state =>
        {
            string accountId = state.Account?.Id ?? IdentityDraw.AccountId(_options.Random);
            var changes = new List<AccessRecordChange>();
            if (state.Account is null)
                changes.Add(AccessDocuments.Put(new Account { Id = accountId, SessionKey = NewSessionKey(), Created = Now }));
            if (state.FindUser(User.RootName) is null)
                changes.Add(AccessDocuments.Put(new User { Name = User.RootName, CanonicalId = IdentityDraw.CanonicalId(_options.Random), AccountId = accountId, Created = Now }));
            changes.AddRange(more(state));
            return changes;
        }, cancellationToken).ConfigureAwait(false);
    }

    private IReadOnlyList<AccessRecordChange> FollowChosen(AccessState state, RootCredential chosen)
    {
        var present = state.FindKey(chosen.AccessKeyId);
        if (present is not null && present.User != User.RootName)
            throw TarnException.AlreadyExists($"{RootCredential.AccessKeyVariable} is '{chosen.AccessKeyId}', which is a key of user '{present.User}'; choose another or remove that key.");
        if (present is { IsDisabled: false, Policy: null, Expires: null } && IsSecret(present, chosen.Secret))
            return [];
        return
        [
            .. state.Keys.Where(k => k.User == User.RootName && k.IsFromEnvironment && k.Id != chosen.AccessKeyId).Select(k => AccessDocuments.Remove(AccessDocuments.KeyKind, k.Id)),
            AccessDocuments.Put(LastingKey(new NewAccessKey(chosen.AccessKeyId, chosen.Secret, User.RootName)) with { IsFromEnvironment = true }),
        ];
    }

    private NewAccessKey? FindUnshown(AccessState state) =>
        state.Keys.FirstOrDefault(k => k.User == User.RootName && k is { IsUnshown: true, IsDisabled: false, Policy: null, Expires: null }) is { } key && _vault.TryOpen(SecretPurpose.OfKey(key.Id), key.Secret) is { } secret
            ? new NewAccessKey(key.Id, Encoding.UTF8.GetString(secret), key.User)
            : null;

    private bool IsSecret(AccessKey key, string secret) =>
        _vault.TryOpen(SecretPurpose.OfKey(key.Id), key.Secret) is { } opened && CryptographicOperations.FixedTimeEquals(opened, Encoding.UTF8.GetBytes(secret));

    private NewAccessKey Draw(string user) =>
        new(IdentityDraw.AccessKeyId(_options.Random, IdentityDraw.LastingPrefix), IdentityDraw.Secret(_options.Random), user);

    private AccessKey LastingKey(NewAccessKey key) =>
        new() { Id = key.Id, User = key.User, Secret = _vault.Seal(SecretPurpose.OfKey(key.Id), key.Secret), Created = Now };

    private string NewSessionKey()
    {
        Span<byte> key = stackalloc byte[MasterKey.SizeBytes];
        _options.Random.Fill(key);
        return _vault.Seal(SecretPurpose.SessionKey, key);
    }

    // The form of AWS's shared credentials file, so that clients can be pointed at it.
    private string WriteCredentials(NewAccessKey key)
    {
        string path = Path.Join(_vault.Folder, CredentialsFileName);
        OwnerOnlyFile.Write(path, Encoding.ASCII.GetBytes($"[default]\naws_access_key_id = {key.Id}\naws_secret_access_key = {key.Secret}\n"), replace: true);
        return path;
    }
}
