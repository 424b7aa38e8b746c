using Tarn.S3.Xml;

namespace Tarn.S3.Errors;

/// <summary>The body of an error answer of the Security Token Service, whose codes for two failures differ from those of S3.</summary>
internal static class TokenErrorDocument
{
    private const string Namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

    /// <summary>Writes the document as UTF-8.</summary>
    public static byte[] Write(S3Error error, string message, string requestId)
    {
        string code = error.Code switch
        {
            "InvalidAccessKeyId" => "InvalidClientTokenId",
            "InvalidRequest" => "ValidationError",
            _ => error.Code,
        };
        return new XmlAnswer().Open("ErrorResponse", Namespace)
            .Open("Error").Element("Type", error.Status < 500 ? "Sender" : "Receiver").Element("Code", code).Element("Message", message).Close()
            .Element("RequestId", requestId).Close().ToUtf8();
    }
}
