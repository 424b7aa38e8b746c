namespace Tarn.Access.Sessions;

/// <summary>What a service of the installation grants to somebody whose right it has decided about by its own rules.</summary>
/// <param name="Service">Name of the service, as the audit trail shows it: <c>catalog</c>.</param>
/// <param name="Policy">All that the credential may do, at most <see cref="SecurityTokenService.MaxGrantChars"/> characters.</param>
/// <param name="Duration">How long it is good; shortened to the end of the caller's own session.</param>
/// <param name="Subject">What it is granted for, in the service's own words, for <see cref="IGrantReview"/>; at most <see cref="SecurityTokenService.MaxGrantChars"/> characters.</param>
public sealed record DelegationRequest(string Service, string Policy, TimeSpan Duration, string Subject);
