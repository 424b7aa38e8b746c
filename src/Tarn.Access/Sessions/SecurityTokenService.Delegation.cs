using Tarn.Access.Identities;
using Tarn.Access.Policies;
using Tarn.Core.Errors;

namespace Tarn.Access.Sessions;

/// <content>Credentials that a service of the installation grants.</content>
public sealed partial class SecurityTokenService
{
    /// <summary>Most characters of a grant: a few locations of the longest possible names.</summary>
    public const int MaxGrantChars = 16 * 1024;

    /// <summary>
    /// A credential that may do exactly what a service grants, whatever the caller's own policies say about it: the service has decided by rules of its own.
    /// It acts as <c>assumed-role/SERVICE/NAME</c>, so that the audit trail shows both; objects that it writes belong to the caller. It ends with the
    /// caller's key, and when the caller is disabled or the sessions of the caller are revoked.
    /// </summary>
    /// <param name="caller">Who gets it.</param>
    /// <param name="request">What is granted.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TarnException">InvalidRequest for a malformed grant; PermissionDenied when the caller is gone, or is itself such a credential.</exception>
    public async ValueTask<TemporaryCredential> DelegateAsync(Caller caller, DelegationRequest request, CancellationToken cancellationToken = default)
    {
        IdentityNames.Require(request.Service, "Service");
        if (request.Policy.Length > MaxGrantChars)
            throw TarnException.Invalid($"The grant has {request.Policy.Length} characters; at most {MaxGrantChars} are allowed.");
        if (request.Subject.Length > MaxGrantChars)
            throw TarnException.Invalid($"What the grant is for has {request.Subject.Length} characters; at most {MaxGrantChars} are allowed.");
        PolicyDocument.Parse(request.Policy, PolicyKind.Identity);
        if (caller.Grant is not null)
            throw new TarnException(ErrorKind.PermissionDenied, $"{caller.Arn} acts with what a service granted, and cannot hand on any of it.");
        var state = await _states.ReadAsync(cancellationToken).ConfigureAwait(false);
        var duration = caller.SessionExpires - _time.GetUtcNow() is { } left && left < request.Duration ? left : request.Duration;
        return Issue(state, caller, caller.CanonicalId, new Terms(caller.SessionName, caller.SessionPolicy, caller.SessionPolicyNames, request, caller.ParentKeyId), duration);
    }
}
