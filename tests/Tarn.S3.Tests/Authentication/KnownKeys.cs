using System.Net;
using Tarn.Access;
using Tarn.Access.Policies;

namespace Tarn.S3.Tests.Authentication;

/// <summary>An access control that knows some keys and remembers what was reported to it.</summary>
internal sealed class KnownKeys(IReadOnlyDictionary<string, string> secrets) : IAccessControl
{
    private readonly List<AuthenticationAttempt> _attempts = [];

    public IReadOnlyList<AuthenticationAttempt> Attempts => _attempts;

    public TimeSpan Refusal { get; set; }

    public ValueTask<AccessKeyLookup> FindAccessKeyAsync(string accessKeyId, string? sessionToken = null, CancellationToken cancellationToken = default)
        => new(secrets.TryGetValue(accessKeyId, out string? secret)
            ? new AccessKeyLookup(AccessKeyStatus.Found, new(accessKeyId, secret, Of(accessKeyId)))
            : AccessKeyLookup.Refused(AccessKeyStatus.NotFound));

    public ValueTask<Caller?> AuthenticateAsync(string userName, string password, IPAddress? source, string requestId, CancellationToken cancellationToken = default)
        => throw new NotSupportedException("S3 has no passwords.");

    public TimeSpan GetRefusal(IPAddress? source, string? accessKeyId) => Refusal;

    public void RecordAuthentication(AuthenticationAttempt attempt) => _attempts.Add(attempt);

    public ValueTask<AccessDecision> AuthorizeAsync(AccessRequest request, CancellationToken cancellationToken = default)
        => new(new AccessDecision(request.Caller is not null, DecisionReason.Root));

    public ValueTask<AccessDecision> DecideAsync(AccessRequest request, CancellationToken cancellationToken = default) => AuthorizeAsync(request, cancellationToken);

    public ValueTask<bool> AsksForTimeAsync(Caller caller, CancellationToken cancellationToken = default) => new(false);

    public void RecordListing(AccessRequest request, long shownCount, long hiddenCount) => throw new NotSupportedException("S3 reports each decision.");

    public void RecordRefusal(AccessRequest request, string reason) => throw new NotSupportedException("S3 reports each decision.");

    public ValueTask<AccessOwner?> FindOwnerAsync(string canonicalId, CancellationToken cancellationToken = default) => new((AccessOwner?)null);

    public ValueTask<string?> FindMissingPrincipalAsync(PolicyDocument policy, CancellationToken cancellationToken = default) => new((string?)null);

    private static Caller Of(string accessKeyId) => new()
    {
        Kind = CallerKind.Root,
        Name = "root",
        Arn = "arn:aws:iam::000000000000:root",
        CanonicalId = new string('a', 64),
        DisplayName = "root",
        AccountId = "000000000000",
        AccessKeyId = accessKeyId,
    };

    public ValueTask<Caller?> FindRoleAsync(string roleName, string sessionName, CancellationToken cancellationToken = default) => ValueTask.FromResult<Caller?>(null);
}
