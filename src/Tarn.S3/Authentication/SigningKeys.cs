using System.Runtime.CompilerServices;
using Tarn.Access;

namespace Tarn.S3.Authentication;

/// <summary>
/// The last signing key of each credential that a request was rightly signed with, so that the next one of the same day, region and service need not derive it:
/// four HMACs of the five that a signature takes. It is forgotten with the credential, which a temporary one is with its request: theirs are not kept.
/// </summary>
internal sealed class SigningKeys
{
    private readonly ConditionalWeakTable<AccessCredential, Proved> _known = [];

    /// <summary>The key of a scope under the secret of a credential.</summary>
    public byte[] Of(AccessCredential credential, CredentialScope scope)
        => _known.TryGetValue(credential, out var known) && known.Scope == scope ? known.Key : SignatureV4.SigningKey(credential.Secret, scope);

    /// <summary>Keeps a key with which a request was signed. One that nobody has proved to hold would let strangers displace the others.</summary>
    public void Keep(AccessCredential credential, CredentialScope scope, byte[] key)
    {
        if (credential.Caller.SessionExpires is not null)
            return;
        if (!_known.TryGetValue(credential, out var known) || !ReferenceEquals(known.Key, key))
            _known.AddOrUpdate(credential, new(scope, key));
    }

    private sealed record Proved(CredentialScope Scope, byte[] Key);
}
