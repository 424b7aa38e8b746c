using System.Globalization;
using System.Text;
using Tarn.Access.Sessions;
using Tarn.Core.Text;
using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.S3.Xml;

namespace Tarn.S3.Service;

/// <summary>
/// The query API of the Security Token Service, answered at the root of the S3 endpoint: AssumeRole, GetSessionToken and GetCallerIdentity ("AWS Security
/// Token Service API Reference"). Who may do what is decided by <see cref="SecurityTokenService"/>.
/// </summary>
internal sealed class SecurityTokens(S3Services services) : IS3Operation
{
    private const string Namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => null;

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(call.Request.Http.Request.Body, Encoding.UTF8);
        var form = RequestQuery.Parse(await reader.ReadToEndAsync(cancellationToken));
        string action = form["Action"] ?? "";
        // Clients send these without a signature, so they are told before they are asked for one.
        if (action is "AssumeRoleWithWebIdentity" or "AssumeRoleWithSAML")
            throw new S3Exception(S3Error.NotImplemented, $"{action} is not implemented: this server trusts no identity provider. Give the client an access key of this server, or let it use AssumeRole.");
        var caller = call.Caller ?? throw new S3Exception(S3Error.MissingAuthenticationToken);
        var xml = new XmlAnswer().Open(action + "Response", Namespace).Open(action + "Result");
        switch (action)
        {
            case "AssumeRole":
                WriteRole(xml, await services.Tokens.AssumeRoleAsync(caller, Role(form), new(call.Request.Source, call.RequestId), cancellationToken));
                break;
            case "GetSessionToken":
                WriteCredentials(xml, await services.Tokens.GetSessionTokenAsync(caller, Duration(form), cancellationToken));
                break;
            case "GetCallerIdentity":
                xml.Element("Arn", caller.Arn).Element("UserId", caller.UserId).Element("Account", caller.AccountId);
                break;
            default:
                throw new S3Exception(S3Error.InvalidAction, $"Could not find operation '{action}'; there are AssumeRole, GetSessionToken and GetCallerIdentity.");
        }

        xml.Close().Open("ResponseMetadata").Element("RequestId", call.RequestId).Close().Close();
        await call.RespondAsync(xml, cancellationToken);
    }

    private static AssumeRoleRequest Role(RequestQuery form)
        => new(
            Required(form, "RoleArn"), Required(form, "RoleSessionName"), Duration(form), form.TryGet("Policy", out string? policy) ? policy : null,
            [.. Enumerable.Range(1, SecurityTokenService.MaxPolicies).Select(i => form[$"PolicyArns.member.{i}.arn"]).OfType<string>()]);

    private static string Required(RequestQuery form, string name)
        => form.TryGet(name, out string? value) ? value : throw new S3Exception(S3Error.MissingParameter, $"The request must contain the parameter {name}.");

    private static TimeSpan? Duration(RequestQuery form)
    {
        if (!form.TryGet("DurationSeconds", out string? text))
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            ? TimeSpan.FromSeconds(seconds)
            : throw new S3Exception(S3Error.InvalidRequest, $"DurationSeconds '{text}' is not a number of seconds.");
    }

    private static void WriteRole(XmlAnswer xml, TemporaryCredential credential)
    {
        xml.Open("AssumedRoleUser").Element("Arn", credential.Arn).Element("AssumedRoleId", credential.UserId).Close();
        WriteCredentials(xml, credential);
    }

    private static void WriteCredentials(XmlAnswer xml, TemporaryCredential credential)
        => xml.Open("Credentials").Element("AccessKeyId", credential.AccessKeyId).Element("SecretAccessKey", credential.SecretAccessKey)
            .Element("SessionToken", credential.SessionToken)
            .Element("Expiration", IsoTime.Seconds(credential.Expiration)).Close();
}
