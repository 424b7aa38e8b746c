namespace Tarn.Access.Sessions;

/// <summary>What a service of the installation grants to somebody whose right it has decided about by its own rules.</summary>
/// <param name="Service">Name of the service, as the audit trail shows it: <c>catalog</c>.</param>
/// <param name="Policy">All that the credential may do, at most <see cref="SecurityTokenService.MaxGrantChars"/> characters.</param>
/// <param name="Duration">How long it is good; shortened to the end of the caller's own session.</param>
public sealed record DelegationRequest(string Service, string Policy, TimeSpan Duration);
