using Microsoft.AspNetCore.Http;
using Tarn.S3.Operations;
using Tarn.S3.Requests;

namespace Tarn.S3.Locking;

/// <summary>PutObjectLegalHold: puts a legal hold on a version or takes it off.</summary>
internal sealed class PutObjectLegalHold : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnObject("s3:PutObjectLegalHold", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        await call.RequireObjectLockAsync(cancellationToken);
        bool isOn = LegalHold.Parse(await call.ReadBodyAsync(cancellationToken));
        await call.Services.Store.UpdateAsync(
            call.Request.Bucket, call.Request.Key, call.Request.VersionId, r => r with { HasLegalHold = isOn }, cancellationToken: cancellationToken);
        call.Respond(StatusCodes.Status200OK);
    }
}
