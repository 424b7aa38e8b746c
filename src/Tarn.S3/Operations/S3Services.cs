using Tarn.Access;
using Tarn.Access.Sessions;
using Tarn.S3.Authentication;
using Tarn.S3.Authorization;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Operations;

/// <summary>What every operation works with.</summary>
/// <param name="Store">Buckets and objects.</param>
/// <param name="Access">Who may do what.</param>
/// <param name="Tokens">Temporary credentials.</param>
/// <param name="Authenticator">Proves who sent a request.</param>
/// <param name="Policies">Parsed bucket policies.</param>
/// <param name="Options">Settings.</param>
/// <param name="Time">The clock.</param>
/// <param name="Grants">Asked about each use of keys that a service has granted; without it there are none that may be used.</param>
internal sealed record S3Services(
    IBucketStore Store, IAccessControl Access, SecurityTokenService Tokens, RequestAuthenticator Authenticator, BucketPolicies Policies, S3Options Options, TimeProvider Time, IGrantReview? Grants = null);
