using Tarn.Access.Identities;
using Tarn.Access.Policies;
using Tarn.Access.Secrets;
using Tarn.Access.Store;
using Tarn.Core.Errors;

namespace Tarn.Access.Administration;

/// <summary>A key that was just made: the only time that its secret is shown.</summary>
/// <param name="Id">The public half.</param>
/// <param name="Secret">The secret half.</param>
/// <param name="User">Its owner.</param>
public sealed record NewAccessKey(string Id, string Secret, string User)
{
    /// <summary>Without the secret, so that it cannot slip into a log.</summary>
    public override string ToString() => $"{Id} of {User}";
}

/// <summary>A key to be created.</summary>
/// <param name="User">Its owner.</param>
/// <param name="Policy">A policy that narrows it (a service account); null for none.</param>
/// <param name="Description">What it is for; null for nothing.</param>
/// <param name="Expires">From when on it does not work, UTC; null for never.</param>
public sealed record KeyRequest(string User, string? Policy = null, string? Description = null, DateTimeOffset? Expires = null)
{
    /// <summary>Most characters of a description.</summary>
    public const int MaxDescriptionChars = 256;

    /// <summary>A chosen id; null for a random one.</summary>
    public string? AccessKeyId { get; init; }

    /// <summary>A chosen secret; null for a random one.</summary>
    public string? Secret { get; init; }
}

public sealed partial class AccessAdministration
{
    /// <summary>The keys of a user, or of all; sealed secrets included, which say nothing without the master key.</summary>
    public async ValueTask<IReadOnlyList<AccessKey>> ListKeysAsync(string? user = null, CancellationToken cancellationToken = default)
    {
        var state = await _states.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (user is not null)
            RequireUser(state, user);
        return [.. state.Keys.Where(k => user is null || k.User == user).OrderBy(k => k.User, StringComparer.Ordinal).ThenBy(k => k.Created)];
    }

    /// <summary>Creates a key.</summary>
    /// <exception cref="TarnException">NotFound for the user; InvalidRequest for the policy, the times or a chosen half; AlreadyExists for a chosen id.</exception>
    public async ValueTask<NewAccessKey> CreateKeyAsync(KeyRequest wanted, CancellationToken cancellationToken = default)
    {
        RequireUsable(wanted);
        var key = Draw(wanted.User);
        key = key with { Id = wanted.AccessKeyId ?? key.Id, Secret = wanted.Secret ?? key.Secret };
        await ChangeAsync("iam:CreateAccessKey", $"{wanted.User}/{key.Id}", state =>
        {
            RequireUser(state, wanted.User);
            if (state.FindKey(key.Id) is not null)
                throw TarnException.AlreadyExists($"Access key '{key.Id}' exists already.");
            return [AccessDocuments.Put(LastingKey(key) with { Policy = wanted.Policy, Description = wanted.Description, Expires = wanted.Expires })];
        }, cancellationToken).ConfigureAwait(false);
        return key;
    }

    /// <summary>Removes a key; temporary credentials that it asked for end with it.</summary>
    /// <exception cref="TarnException">NotFound.</exception>
    public ValueTask DeleteKeyAsync(string id, CancellationToken cancellationToken = default) => ChangeAsync("iam:DeleteAccessKey", id, state =>
    {
        RequireKey(state, id);
        return [AccessDocuments.Remove(AccessDocuments.KeyKind, id)];
    }, cancellationToken);

    /// <summary>Makes a key stop working, or work again.</summary>
    /// <exception cref="TarnException">NotFound.</exception>
    public ValueTask SetKeyDisabledAsync(string id, bool isDisabled, CancellationToken cancellationToken = default) =>
        ChangeAsync("iam:UpdateAccessKey", id, state => [AccessDocuments.Put(RequireKey(state, id) with { IsDisabled = isDisabled })], cancellationToken);

    /// <summary>
    /// Makes a new master key and seals every secret with it. Killed at any moment, every secret can still be opened, and another rotation
    /// finishes the work: the old key goes only when nothing needs it. Servers that run go on; temporary credentials stay good.
    /// </summary>
    /// <returns>How many secrets were sealed anew.</returns>
    /// <exception cref="TarnException">Unavailable while another process rotates; DataCorrupted when a secret cannot be opened.</exception>
    public async ValueTask<int> RotateMasterKeyAsync(CancellationToken cancellationToken = default)
    {
        RequireAccount(await _states.ReadAsync(cancellationToken).ConfigureAwait(false));
        _ = _vault.CurrentKeyId;
        using var turn = _vault.TryLockRotation()
            ?? throw new TarnException(ErrorKind.Unavailable, "Another process is rotating the master key at this moment; nothing was changed.");
        // 1. Both keys open, the new one seals. 2. All secrets move to it. Whoever sealed with the old key meanwhile loses the race of the commit
        // and seals again. 3. Nothing needs the old key any more.
        _vault.AddMasterKey();
        int count = 0;
        await ChangeAsync("tarn:RotateMasterKey", _vault.CurrentKeyId, state =>
        {
            var resealed = Reseal(state).ToList();
            count = resealed.Count;
            return resealed;
        }, cancellationToken).ConfigureAwait(false);
        _vault.DropOldMasterKeys();
        return count;
    }

    private IEnumerable<AccessRecordChange> Reseal(AccessState state)
    {
        var account = RequireAccount(state);
        yield return AccessDocuments.Put(account with { SessionKey = Reseal(SecretPurpose.SessionKey, account.SessionKey) });
        foreach (var key in state.Keys)
            yield return AccessDocuments.Put(key with { Secret = Reseal(SecretPurpose.OfKey(key.Id), key.Secret) });
        foreach (var user in state.Users.Where(u => u.Password is not null))
            yield return AccessDocuments.Put(user with { Password = Reseal(SecretPurpose.OfPassword(user.CanonicalId), user.Password!) });
    }

    private string Reseal(string purpose, string sealedText) => _vault.Seal(purpose, _vault.OpenBytes(purpose, sealedText));

    private void RequireUsable(KeyRequest wanted)
    {
        if (wanted.Policy is { } policy)
            PolicyDocument.Parse(policy, PolicyKind.Identity);
        if (wanted.AccessKeyId is { } id)
            IdentityNames.RequireAccessKeyId(id);
        if (wanted.Secret is { } secret)
            IdentityNames.RequireSecret(secret);
        if (wanted.Expires is { } end && end <= Now)
            throw TarnException.Invalid($"The key would have expired already, at {end:u}; give a time to come.");
        if (wanted.Description is { Length: > KeyRequest.MaxDescriptionChars })
            throw TarnException.Invalid($"The description has {wanted.Description.Length} characters; at most {KeyRequest.MaxDescriptionChars} are allowed.");
    }
}
