using System.Globalization;
using System.Net;
using Tarn.Access.Auditing;
using Tarn.Access.Decisions;
using Tarn.Access.Identities;
using Tarn.Access.Policies;
using Tarn.Access.Secrets;
using Tarn.Access.Sessions;
using Tarn.Access.Store;
using Tarn.Access.Throttling;

namespace Tarn.Access;

/// <summary>The embedded <see cref="IAccessControl"/>: identities from a store, secrets from a vault, decisions here.</summary>
internal sealed class AccessControl(AccessStates states, SecretVault vault, AccessKeyFinder keys, FailureThrottle throttle, RefusalCount refusals, IAuditLog audit, TimeProvider time) : IAccessControl
{
    /// <summary>Who has proved nothing, in the audit trail.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>The action of who tries to prove who they are, in the audit trail.</summary>
    public const string Authenticate = "sts:Authenticate";

    // Reasons quote what a client has sent, which may have any length.
    private const int MaxReasonChars = 1024;

    // Verified in place of the password of a user who is not there, so that the time tells nothing.
    private readonly Lazy<PasswordVerifier> _nobody = new(() => PasswordVerifier.Create("", SystemRandom.Instance));

    public async ValueTask<AccessKeyLookup> FindAccessKeyAsync(string accessKeyId, string? sessionToken = null, CancellationToken cancellationToken = default) =>
        keys.Find(await states.ReadAsync(cancellationToken).ConfigureAwait(false), accessKeyId, sessionToken);

    public async ValueTask<Caller?> AuthenticateAsync(string userName, string password, IPAddress? source, string requestId, CancellationToken cancellationToken = default)
    {
        if (GetRefusal(source, userName) > TimeSpan.Zero)
            return null;
        var user = (await states.ReadAsync(cancellationToken).ConfigureAwait(false)).FindUser(userName);
        var verifier = user?.Password is { } stored ? PasswordVerifier.Parse(vault.OpenText(SecretPurpose.OfPassword(user.CanonicalId), stored)) : null;
        bool isRight = (verifier ?? _nobody.Value).IsMatch(password) && verifier is not null && user is { IsDisabled: false };
        RecordAuthentication(new AuthenticationAttempt(userName, isRight, source, isRight ? "" : "wrong user name or password", requestId));
        return isRight ? AccessKeyFinder.CallerOf(user!) : null;
    }

    public TimeSpan GetRefusal(IPAddress? source, string? accessKeyId)
    {
        var refusal = throttle.GetRefusal(source, accessKeyId);
        if (refusal > TimeSpan.Zero)
            refusals.Add(source, Shortened(accessKeyId));
        return refusal;
    }

    public void RecordAuthentication(AuthenticationAttempt attempt)
    {
        throttle.Record(attempt.Source, attempt.AccessKeyId, attempt.IsAuthentic);
        // Whoever succeeds is audited with what they then do.
        if (!attempt.IsAuthentic)
            audit.Record(new AuditEvent(time.GetUtcNow(), AuditKind.Authentication, Anonymous, Shortened(attempt.AccessKeyId), Authenticate, "*", attempt.Source?.ToString(), false, attempt.Reason, attempt.RequestId));
    }

    public async ValueTask<AccessDecision> AuthorizeAsync(AccessRequest request, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var decision = await DecideAsync(request, now, cancellationToken).ConfigureAwait(false);
        Record(request.AskedFor is { } asked ? request with { Action = asked.Action, Resource = asked.Resource } : request, now, decision.IsAllowed, Explain(request, decision));
        return decision;
    }

    public ValueTask<AccessDecision> DecideAsync(AccessRequest request, CancellationToken cancellationToken = default) => DecideAsync(request, time.GetUtcNow(), cancellationToken);

    public async ValueTask<bool> AsksForTimeAsync(Caller caller, CancellationToken cancellationToken = default) =>
        AccessEvaluation.AskForTime(await states.ReadAsync(cancellationToken).ConfigureAwait(false), caller);

    public void RecordListing(AccessRequest request, long shownCount, long hiddenCount) => Record(
        request, time.GetUtcNow(), shownCount > 0 || hiddenCount == 0, string.Create(CultureInfo.InvariantCulture, $"showed {shownCount}, left out {hiddenCount} that the caller may not see"));

    public void RecordRefusal(AccessRequest request, string reason) =>
        Record(request, time.GetUtcNow(), isAllowed: false, reason.Length > MaxReasonChars ? reason[..MaxReasonChars] + "…" : reason);

    public async ValueTask<AccessOwner?> FindOwnerAsync(string canonicalId, CancellationToken cancellationToken = default) =>
        (await states.ReadAsync(cancellationToken).ConfigureAwait(false)).FindByCanonicalId(canonicalId) switch
        {
            User user => new AccessOwner(user.CanonicalId, user.DisplayName ?? user.Name, user.Arn, user.AccountId),
            Role role => new AccessOwner(role.CanonicalId, role.Name, role.Arn, role.AccountId),
            _ => null,
        };

    public async ValueTask<string?> FindMissingPrincipalAsync(PolicyDocument policy, CancellationToken cancellationToken = default) =>
        MissingPrincipals.Find(await states.ReadAsync(cancellationToken).ConfigureAwait(false), policy);

    public async ValueTask<Caller?> FindRoleAsync(string roleName, string sessionName, CancellationToken cancellationToken = default) =>
        (await states.ReadAsync(cancellationToken).ConfigureAwait(false)).FindRole(roleName) is { } role ? AccessKeyFinder.CallerOf(role, sessionName) : null;

    private async ValueTask<AccessDecision> DecideAsync(AccessRequest request, DateTimeOffset now, CancellationToken cancellationToken) => AccessEvaluation.Decide(
        await states.ReadAsync(cancellationToken).ConfigureAwait(false), request, CallerValues.Complete(request.Conditions, request.Caller, request.Source, now));

    private static string Explain(AccessRequest request, AccessDecision decision) =>
        request.AskedFor is null ? decision.Explanation : $"{request.Action} on {request.Resource} decides: {decision.Explanation}";

    private void Record(AccessRequest request, DateTimeOffset now, bool isAllowed, string reason) => audit.Record(new AuditEvent(
        now,
        AuditKind.Decision,
        request.Caller?.Arn ?? Anonymous,
        request.Caller is { AccessKeyId.Length: > 0 } caller ? caller.AccessKeyId : null,
        request.Action,
        request.Resource,
        request.Source?.ToString(),
        isAllowed,
        reason,
        request.RequestId));

    // What a stranger calls a key may have any length.
    private static string? Shortened(string? accessKeyId) =>
        accessKeyId is { Length: > IdentityNames.MaxKeyChars } ? accessKeyId[..IdentityNames.MaxKeyChars] + "…" : accessKeyId;
}
