namespace LakehouseLab.SparkConnect.Failures;

/// <summary>Work with Spark failed; the message says why in one sentence. What derives from it says whose failure it is.</summary>
/// <param name="message">One sentence with cause and remedy.</param>
/// <param name="innerException">What brought it about.</param>
public abstract class SparkException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>A connection string is not valid: the message tells what is allowed.</summary>
/// <param name="message">One line for the user.</param>
public sealed class SparkConnectionStringException(string message) : SparkException(message);

/// <summary>The server could not be reached, hung or broke off, for as long as transport failures are retried. A statement that ran may have done its work.</summary>
/// <param name="message">One sentence with cause and remedy.</param>
/// <param name="innerException">The last failure.</param>
public sealed class SparkConnectionException(string message, Exception? innerException = null) : SparkException(message, innerException);

/// <summary>The server, or a proxy before it, refused the client, or its certificate is not trusted. Never retried.</summary>
/// <param name="message">One sentence with cause and remedy.</param>
/// <param name="innerException">What brought it about.</param>
public sealed class SparkAccessException(string message, Exception? innerException = null) : SparkException(message, innerException);

/// <summary>The server restarted or closed the session: its temporary views, settings and artifacts are gone. Open a session and begin again.</summary>
/// <param name="message">One sentence with cause and remedy.</param>
/// <param name="innerException">What brought it about.</param>
public sealed class SparkSessionLostException(string message, Exception? innerException = null) : SparkException(message, innerException);

/// <summary>A statement's deadline passed, and it was interrupted.</summary>
/// <param name="message">One sentence with cause and remedy.</param>
public sealed class SparkDeadlineException(string message) : SparkException(message);

/// <summary>An answer that the protocol does not allow or this client does not understand: another version, a gap between rows, a message over the size limit.</summary>
/// <param name="message">One sentence with cause and remedy.</param>
/// <param name="innerException">What brought it about.</param>
public sealed class SparkProtocolException(string message, Exception? innerException = null) : SparkException(message, innerException);
