using System.Text;
using Tarn.S3.Errors;
using Tarn.S3.Notifications;
using Tarn.Storage.Buckets.Events;

namespace Tarn.S3.Tests.Notifications;

public sealed class NotificationConfigurationTests
{
    private const string Orders = """
        <NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><QueueConfiguration><Id>new</Id><Queue>arn:tarn:sqs:::orders</Queue>
        <Event>s3:ObjectCreated:*</Event><Filter><S3Key><FilterRule><Name>Prefix</Name><Value>raw/</Value></FilterRule>
        <FilterRule><Name>suffix</Name><Value>.csv</Value></FilterRule></S3Key></Filter></QueueConfiguration></NotificationConfiguration>
        """;

    private static readonly Webhook[] s_webhooks = [new("orders", new Uri("http://127.0.0.1:1/"))];

    [Theory]
    [InlineData(ObjectEventKind.Put, "raw/a.csv", true)]
    [InlineData(ObjectEventKind.CompleteMultipartUpload, "raw/b/c.csv", true)]
    [InlineData(ObjectEventKind.Adopted, "raw/a.csv", true)]
    [InlineData(ObjectEventKind.Put, "raw/a.json", false)]
    [InlineData(ObjectEventKind.Put, "a.csv", false)]
    [InlineData(ObjectEventKind.Delete, "raw/a.csv", false)]
    public void Rule_FilterAndEvent_ChooseWhatIsSent(ObjectEventKind kind, string key, bool expected)
    {
        var rule = Assert.Single(NotificationConfiguration.Parse(Encoding.UTF8.GetBytes(Orders)));

        Assert.Equal(expected, rule.IsAbout(kind, key));
    }

    [Fact]
    public void Validate_Document_IsGivenBackWithTheSameMeaning()
    {
        byte[] kept = NotificationConfiguration.Validate(Encoding.UTF8.GetBytes(Orders), s_webhooks).ToUtf8();

        var rule = Assert.Single(NotificationConfiguration.Parse(kept));
        Assert.Equal(("new", "arn:tarn:sqs:::orders", "raw/", ".csv"), (rule.Id, rule.Target, rule.Prefix, rule.Suffix));
    }

    [Theory]
    [InlineData("<NotificationConfiguration><QueueConfiguration><Queue>arn:tarn:sqs:::other</Queue><Event>s3:ObjectCreated:*</Event></QueueConfiguration></NotificationConfiguration>", "InvalidArgument")]
    [InlineData("<NotificationConfiguration><QueueConfiguration><Queue>arn:tarn:sqs:::orders</Queue><Event>s3:ObjectCreated:Copy</Event></QueueConfiguration></NotificationConfiguration>", "InvalidArgument")]
    [InlineData("<NotificationConfiguration><QueueConfiguration><Queue>arn:tarn:sqs:::orders</Queue></QueueConfiguration></NotificationConfiguration>", "MalformedXML")]
    [InlineData("<NotificationConfiguration><QueueConfiguration><Event>s3:ObjectCreated:*</Event></QueueConfiguration></NotificationConfiguration>", "MalformedXML")]
    [InlineData("<NotificationConfiguration><EventBridgeConfiguration/></NotificationConfiguration>", "NotImplemented")]
    [InlineData("<Other/>", "MalformedXML")]
    public void Validate_WrongDocument_IsRefused(string document, string code)
    {
        var error = Assert.Throws<S3Exception>(() => NotificationConfiguration.Validate(Encoding.UTF8.GetBytes(document), s_webhooks));

        Assert.Equal(code, error.Error.Code);
    }

    [Fact]
    public void Validate_EmptyDocument_EndsAllNotifications() =>
        Assert.Empty(NotificationConfiguration.Parse(NotificationConfiguration.Validate("<NotificationConfiguration/>"u8.ToArray(), s_webhooks).ToUtf8()));
}
