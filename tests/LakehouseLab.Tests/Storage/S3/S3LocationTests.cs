using LakehouseLab.Storage;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.S3;

namespace LakehouseLab.Tests.Storage.S3;

public sealed class S3LocationTests
{
    [Theory]
    [InlineData("s3://lakehouse", "lakehouse", "", "raw/a", "s3://lakehouse")]
    [InlineData("s3://lakehouse/", "lakehouse", "", "raw/a", "s3://lakehouse")]
    [InlineData("s3://my-lake.v1/a/b c/", "my-lake.v1", "a/b c", "a/b c/raw/a", "s3://my-lake.v1/a/b c")]
    public void Parse_Location_HasBucketPrefixAndKeys(string text, string bucket, string prefix, string key, string written)
    {
        S3Location location = S3Location.Parse(text);
        Assert.Equal((bucket, prefix, key, written), (location.Bucket, location.Prefix, location.KeyOf("raw/a"), location.ToString()));
    }

    [Theory]
    [InlineData("s3:/lakehouse", "write s3://bucket")]
    [InlineData("s3a://lakehouse/x", "write s3://bucket")]
    [InlineData("S3://lakehouse/x", "write s3://bucket")]
    [InlineData("s3://", "'' is not a bucket name")]
    [InlineData("s3://ab", "'ab' is not a bucket name")]
    [InlineData("s3://Lake/x", "'Lake' is not a bucket name")]
    [InlineData("s3://lake_house", "'lake_house' is not a bucket name")]
    [InlineData("s3://user:word@host/x", "is not a bucket name")]
    [InlineData("s3://lake..house", "is not a bucket name")]
    [InlineData("s3://lakehouse/a//b", "the prefix has a segment")]
    [InlineData("s3://lakehouse/../other", "the prefix has a segment")]
    [InlineData("s3://lakehouse//", null)]
    public void Open_WrongLocation_SaysWhatIsAllowed(string text, string? words)
    {
        if (words is null)
        {
            Assert.Equal("s3://lakehouse", S3Location.Parse(text).ToString());
        }
        else
        {
            Assert.Contains(words, Assert.Throws<StorageLocationException>(() => ObjectStores.Open(text)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("https://host/x")]
    [InlineData("gs://bucket/x")]
    public void Open_NeitherFolderNorS3_SaysWhatIsAllowed(string text) =>
        Assert.Contains("give a folder, such as ./lake, or s3://bucket/prefix", Assert.Throws<StorageLocationException>(() => ObjectStores.Open(text)).Message, StringComparison.Ordinal);
}
