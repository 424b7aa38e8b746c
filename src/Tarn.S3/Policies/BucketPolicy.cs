using System.Text;
using Tarn.Access.Policies;
using Tarn.Core.Errors;
using Tarn.S3.Errors;

namespace Tarn.S3.Policies;

/// <summary>Checks the policy of a bucket ("Bucket policies for Amazon S3").</summary>
internal static class BucketPolicy
{
    private const string ArnPrefix = "arn:aws:s3:::";

    /// <summary>Reads a policy.</summary>
    /// <exception cref="S3Exception">MalformedPolicy: no policy, too long, or about another bucket.</exception>
    public static PolicyDocument Parse(ReadOnlyMemory<byte> body, string bucket)
    {
        var policy = Read(body);
        foreach (var statement in policy.Statements)
        {
            if (statement.Resources.FirstOrDefault(r => !IsOf(r, bucket)) is { } foreign)
                throw new S3Exception(S3Error.MalformedPolicy, $"Policy has invalid resource: '{foreign}' is not of bucket '{bucket}'.");
            if (statement.Actions.FirstOrDefault(a => a != "*" && !a.StartsWith("s3:", StringComparison.OrdinalIgnoreCase)) is { } action)
                throw new S3Exception(S3Error.MalformedPolicy, $"Policy has invalid action: '{action}' is not an action of S3.");
        }

        return policy;
    }

    private static PolicyDocument Read(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
            throw new S3Exception(S3Error.MalformedPolicy, "Policies must be valid JSON and the first byte must be '{'");
        try
        {
            return PolicyDocument.Parse(Encoding.UTF8.GetString(body.Span), PolicyKind.Resource);
        }
        catch (TarnException e) when (e.Kind == ErrorKind.InvalidRequest)
        {
            throw new S3Exception(S3Error.MalformedPolicy, e.Message, e);
        }
    }

    private static bool IsOf(string resource, string bucket)
    {
        if (resource == "*")
            return true;
        if (!resource.StartsWith(ArnPrefix, StringComparison.Ordinal))
            return false;
        string path = resource[ArnPrefix.Length..];
        int slash = path.IndexOf('/');
        string name = slash < 0 ? path : path[..slash];
        return name == bucket || name.AsSpan().IndexOfAny('*', '?', '$') >= 0;
    }
}
