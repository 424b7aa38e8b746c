using System.Globalization;
using Microsoft.AspNetCore.Http;
using Tarn.S3.Errors;
using Tarn.S3.Locking;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Objects;

/// <summary>Retention and legal hold that a new object is put under by headers.</summary>
internal static class NewObjectLock
{
    private const string Mode = "x-amz-object-lock-mode", Until = "x-amz-object-lock-retain-until-date", Hold = "x-amz-object-lock-legal-hold";

    /// <summary>The retention of the headers; null for none, when the bucket's default counts.</summary>
    /// <exception cref="S3Exception">InvalidArgument or InvalidRequest.</exception>
    public static ObjectRetention? Retention(IHeaderDictionary headers, BucketRecord bucket, DateTimeOffset now)
    {
        string mode = headers[Mode].ToString(), until = headers[Until].ToString();
        if (mode.Length == 0 && until.Length == 0)
            return null;
        RequireLock(bucket);
        if (mode.Length == 0 || until.Length == 0)
            throw Invalid(mode.Length == 0 ? Mode : Until, "", $"{Until} and {Mode} must both be supplied");
        if (mode is not (RetentionModes.Governance or RetentionModes.Compliance))
            throw Invalid(Mode, mode, "Unknown wormMode directive.");
        if (!DateTimeOffset.TryParse(until, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            throw Invalid(Until, until, "The retain until date must be provided in ISO 8601 format");
        return time > now ? new(RetentionModes.Parse(mode), time) : throw Invalid(Until, until, "The retain until date must be in the future!");
    }

    /// <summary>Whether the headers put a legal hold on the object.</summary>
    /// <exception cref="S3Exception">InvalidArgument or InvalidRequest.</exception>
    public static bool LegalHold(IHeaderDictionary headers, BucketRecord bucket)
    {
        string hold = headers[Hold].ToString();
        if (hold.Length == 0)
            return false;
        RequireLock(bucket);
        return hold switch
        {
            "ON" => true,
            "OFF" => false,
            _ => throw Invalid(Hold, hold, "Legal Hold must be either of 'ON' or 'OFF'"),
        };
    }

    private static void RequireLock(BucketRecord bucket)
    {
        if (bucket.ObjectLock is null)
            throw new S3Exception(S3Error.InvalidRequest, "Bucket is missing ObjectLockConfiguration");
    }

    private static S3Exception Invalid(string header, string value, string why)
        => new S3Exception(S3Error.InvalidArgument, why).With("ArgumentName", header).With("ArgumentValue", value);
}
