using System.Net;
using Tarn.Access.Policies;
using Tarn.Core.Errors;

namespace Tarn.Access;

/// <summary>
/// Who somebody is and what they may do: the one place that every protocol asks. A door finds the key, verifies its own protocol's proof of
/// the secret, reports the outcome, and asks for a decision about each action. Safe for any number of threads; what an administrator changes
/// counts from the next call on, also when another process changed it.
/// </summary>
public interface IAccessControl
{
    /// <summary>The key of a signed request. The caller still has to verify the signature with its secret, in constant time.</summary>
    /// <param name="accessKeyId">As in the request.</param>
    /// <param name="sessionToken">The session token of the request (<c>X-Amz-Security-Token</c>); null when it has none. Temporary keys need theirs.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TarnException">DataCorrupted when the stored secret cannot be opened; Unavailable when the store cannot be read.</exception>
    ValueTask<AccessKeyLookup> FindAccessKeyAsync(string accessKeyId, string? sessionToken = null, CancellationToken cancellationToken = default);

    /// <summary>Verifies the password of a user, for protocols that send one. Counts and audits the attempt itself.</summary>
    /// <returns>The user; null when the name, the password or both are wrong, or the user is disabled. Takes as long either way.</returns>
    ValueTask<Caller?> AuthenticateAsync(string userName, string password, IPAddress? source, string requestId, CancellationToken cancellationToken = default);

    /// <summary>
    /// How long requests of a source, or for a key, are to be refused without looking at them; zero normally. Asked once for each request: what is refused
    /// is audited, the first of a source at once and then one event for each second with their number.
    /// </summary>
    /// <param name="source">Where the request came from; null when unknown.</param>
    /// <param name="accessKeyId">The key it names; null when none.</param>
    TimeSpan GetRefusal(IPAddress? source, string? accessKeyId);

    /// <summary>Reports whether the proof of a secret was right. Failures are audited and slow further attempts down; success clears the count of the pair.</summary>
    void RecordAuthentication(AuthenticationAttempt attempt);

    /// <summary>
    /// Decides about one action and writes the audit event. Denials are results, not exceptions.
    /// </summary>
    /// <exception cref="TarnException">Unavailable or DataCorrupted when the identities cannot be read; then nothing may be done.</exception>
    ValueTask<AccessDecision> AuthorizeAsync(AccessRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Decides about one action without an audit event, for leaving out of a listing what the caller may not see: that is asked once for each thing, and would
    /// push the events of others out of the trail. The listing as a whole is reported with <see cref="RecordListing"/>.
    /// </summary>
    /// <exception cref="TarnException">As of <see cref="AuthorizeAsync"/>.</exception>
    ValueTask<AccessDecision> DecideAsync(AccessRequest request, CancellationToken cancellationToken = default);

    /// <summary>Whether decisions about somebody may change by the clock alone, without a change of identities: some policy of theirs asks for the time.</summary>
    /// <exception cref="TarnException">As of <see cref="AuthorizeAsync"/>.</exception>
    ValueTask<bool> AsksForTimeAsync(Caller caller, CancellationToken cancellationToken = default);

    /// <summary>Writes the one audit event of a listing that was decided about with <see cref="DecideAsync"/>. It counts as denied when all that it found was left out.</summary>
    /// <param name="request">The listing: its action, and what was listed as the resource.</param>
    /// <param name="shownCount">Things shown; 0 or more.</param>
    /// <param name="hiddenCount">Things left out; 0 or more.</param>
    void RecordListing(AccessRequest request, long shownCount, long hiddenCount);

    /// <summary>Writes the audit event of a refusal that a door or service decided on by a rule of its own, beside the policies: such an attempt must leave the same trace.</summary>
    /// <param name="request">What was wanted: who, the action, the resource.</param>
    /// <param name="reason">Why it was refused; what is longer than 1024 characters is cut.</param>
    void RecordRefusal(AccessRequest request, string reason);

    /// <summary>The identity behind a canonical id, for owner elements; null when there is none (any more).</summary>
    ValueTask<AccessOwner?> FindOwnerAsync(string canonicalId, CancellationToken cancellationToken = default);

    /// <summary>The first user or role that a policy names and that does not exist, in an account of this installation; null when all do. Other accounts are not known.</summary>
    /// <param name="policy">A policy with principals.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The ARN as the policy has it.</returns>
    ValueTask<string?> FindMissingPrincipalAsync(PolicyDocument policy, CancellationToken cancellationToken = default);

    /// <summary>A role as the one who acts, for a door whose clients cannot prove who they are; null when there is no such role.</summary>
    /// <param name="roleName">Name of the role.</param>
    /// <param name="sessionName">What tells this use of it from others, for history and the audit trail.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<Caller?> FindRoleAsync(string roleName, string sessionName, CancellationToken cancellationToken = default);
}
