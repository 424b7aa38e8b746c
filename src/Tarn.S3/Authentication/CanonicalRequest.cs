using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Tarn.S3.Requests;

namespace Tarn.S3.Authentication;

/// <summary>
/// The canonical request of Signature Version 4: method, path, query, signed headers and payload hash, one a line. S3 encodes the path once and never
/// normalises it.
/// </summary>
internal static class CanonicalRequest
{
    /// <summary>Name of the parameter that holds the signature of a presigned URL and is not itself signed.</summary>
    public const string SignatureParameter = "X-Amz-Signature";

    /// <summary>Writes it.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="target">Path and query.</param>
    /// <param name="query">The parsed query of <paramref name="target"/>.</param>
    /// <param name="headers">All headers of the request.</param>
    /// <param name="signedHeaders">Lower-case names in the order of the claim.</param>
    /// <param name="payloadHash">Value of <c>x-amz-content-sha256</c> or what stands for it.</param>
    public static string Write(
        string method, RequestTarget target, RequestQuery query, IHeaderDictionary headers, IReadOnlyList<string> signedHeaders, string payloadHash)
    {
        var text = new StringBuilder(512).Append(method).Append('\n').Append(PercentCoding.Encode(target.Path, true)).Append('\n');
        text.Append(query.Canonical(SignatureParameter)).Append('\n');
        foreach (string name in signedHeaders)
        {
            text.Append(name).Append(':');
            AppendValues(text, headers[name]);
            text.Append('\n');
        }

        return text.Append('\n').AppendJoin(';', signedHeaders).Append('\n').Append(payloadHash).ToString();
    }

    // Values of one name are joined by commas; each is trimmed and runs of blanks inside it become one.
    private static void AppendValues(StringBuilder text, StringValues values)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (i > 0)
                text.Append(',');
            bool pending = false, any = false;
            foreach (char sign in values[i] ?? "")
            {
                if (sign is ' ' or '\t')
                {
                    pending = any;
                    continue;
                }

                if (pending)
                    text.Append(' ');
                text.Append(sign);
                (pending, any) = (false, true);
            }
        }
    }
}
