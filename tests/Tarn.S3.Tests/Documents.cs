using System.Text;
using Tarn.S3.Errors;

namespace Tarn.S3.Tests;

/// <summary>Bodies of requests, and the codes that they are refused with.</summary>
internal static class Documents
{
    public static byte[] Body(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(this Tarn.S3.Xml.XmlAnswer answer)
        => Encoding.UTF8.GetString(answer.ToUtf8()).Replace("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", "").Replace(" xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"", "");

    public static string CodeOf(Action parse) => Assert.Throws<S3Exception>(parse).Error.Code;
}
