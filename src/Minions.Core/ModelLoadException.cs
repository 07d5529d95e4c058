namespace Minions.Core;

/// <summary>A model folder, model file, tokenizer or execution provider cannot be used. The message names what, where and what to do.</summary>
public sealed class ModelLoadException : MinionsException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    /// <param name="path">The folder or file at fault, or <see langword="null"/> when none is.</param>
    /// <param name="innerException">The cause.</param>
    public ModelLoadException(string message, string? path = null, Exception? innerException = null)
        : base(message, innerException) => Path = path;

    /// <summary>The folder or file at fault, or <see langword="null"/> when none is.</summary>
    public string? Path { get; }
}
