using Confluent.Kafka;

namespace LakehouseLab.Emulation.Kafka;

/// <summary>Says in one sentence what a Kafka cluster could not do, why, and what to do about it.</summary>
public static class KafkaFailure
{
    /// <summary>Whether an error tells that the cluster cannot serve now, and may later.</summary>
    public static bool IsUnavailable(ErrorCode code) => code is
        ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_TimedOut or ErrorCode.Local_TimedOutQueue or ErrorCode.Local_MsgTimedOut
        or ErrorCode.Local_Resolve or ErrorCode.Local_WaitCoord or ErrorCode.Local_IsrInsuff or ErrorCode.Local_Retry or ErrorCode.Local_UnknownBroker or ErrorCode.Local_DestroyBroker
        or ErrorCode.FencedLeaderEpoch or ErrorCode.UnknownLeaderEpoch or ErrorCode.FetchSessionIdNotFound or ErrorCode.InvalidFetchSessionEpoch
        or ErrorCode.LeaderNotAvailable or ErrorCode.NotLeaderForPartition or ErrorCode.RequestTimedOut or ErrorCode.BrokerNotAvailable or ErrorCode.ReplicaNotAvailable
        or ErrorCode.NetworkException or ErrorCode.NotCoordinatorForGroup or ErrorCode.GroupCoordinatorNotAvailable or ErrorCode.GroupLoadInProgress
        or ErrorCode.NotEnoughReplicas or ErrorCode.NotEnoughReplicasAfterAppend or ErrorCode.NotController or ErrorCode.KafkaStorageError
        or ErrorCode.ConcurrentTransactions or ErrorCode.UnstableOffsetCommit or ErrorCode.OffsetNotAvailable or ErrorCode.PreferredLeaderNotAvailable or ErrorCode.EligibleLeadersNotAvailable;

    /// <summary>The failure.</summary>
    /// <param name="what">What could not be done, such as <c>read topic transactions</c>.</param>
    /// <param name="connection">The cluster.</param>
    /// <param name="error">Why.</param>
    /// <param name="exception">What was thrown; null when nothing was.</param>
    public static BrokerException Describe(string what, KafkaConnection connection, Error error, Exception? exception = null) => new(
        $"cannot {what} at Kafka {connection.BootstrapServers}: {ReasonOf(error)}: {RemedyOf(error.Code)}", IsUnavailable(error.Code), exception);

    /// <summary>The failure.</summary>
    public static BrokerException Describe(string what, KafkaConnection connection, KafkaException exception) =>
        Describe(what, connection, exception.Error, exception);

    private static string ReasonOf(Error error) => error.Code switch
    {
        ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_TimedOut or ErrorCode.Local_TimedOutQueue or ErrorCode.Local_MsgTimedOut => "no broker answers",
        ErrorCode.Local_UnknownTopic or ErrorCode.UnknownTopicOrPart => "the topic does not exist",
        _ => error.Reason.ReplaceLineEndings(" ").TrimEnd('.', ' '),
    };

    private static string RemedyOf(ErrorCode code) => code switch
    {
        ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.UnsupportedSaslMechanism or ErrorCode.IllegalSaslState =>
            $"check {KafkaConnection.SecurityProtocolVariable} and the {KafkaConnection.SaslPrefix}… variables",
        ErrorCode.Local_Ssl => $"check {KafkaConnection.SecurityProtocolVariable} and the {KafkaConnection.SslPrefix}… variables",
        ErrorCode.Local_Resolve => $"check {KafkaConnection.ServersVariable}",
        ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed or ErrorCode.TransactionalIdAuthorizationFailed =>
            "grant it to the user, or use another one",
        ErrorCode.Local_UnknownTopic or ErrorCode.UnknownTopicOrPart => "create it, or name another",
        ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge => "raise max.message.bytes of the topic",
        _ when IsUnavailable(code) => $"start it and run the same command again, or check {KafkaConnection.ServersVariable}",
        _ => "mend that and run the same command again",
    };
}
