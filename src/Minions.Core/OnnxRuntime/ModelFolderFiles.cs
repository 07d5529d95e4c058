using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;

namespace Minions.Core.OnnxRuntime;

/// <summary>What the files of a model folder tell beside the model, for targets and drafts of your own that run such a folder.</summary>
public static class ModelFolderFiles
{
    /// <summary>What is recommended: <c>search</c> of <c>genai_config.json</c>, or else <c>generation_config.json</c>.</summary>
    /// <param name="folder">The model folder.</param>
    /// <returns>What was found; <see cref="ModelDefaults.None"/> where the folder recommends nothing.</returns>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is empty.</exception>
    /// <exception cref="ModelLoadException">The folder or a file that should hold it cannot be read.</exception>
    public static ModelDefaults ReadDefaults(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return GenAiLayout.ReadDefaults(folder) ?? ModelFolder.Read(folder).Defaults;
    }

    /// <summary>The ids that end a text, by the folder's configuration or else by its tokenizer's.</summary>
    /// <param name="folder">The model folder.</param>
    /// <returns>The ids; none where nothing names one.</returns>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is empty.</exception>
    /// <exception cref="ModelLoadException">The folder or a file that should hold them cannot be read.</exception>
    public static IReadOnlyList<int> ReadEndTokens(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return GenAiLayout.ReadEndTokens(folder) ?? ModelFolder.Read(folder).EndTokenIds;
    }

    /// <summary>How often a draft's choices are the target's, from <c>speculation.json</c> (<see cref="IDraftModel.ExpectedAgreement"/>).</summary>
    /// <param name="folder">The draft's folder.</param>
    /// <param name="logger">Receives a warning about a file that is not used; <see langword="null"/> for none.</param>
    /// <returns>The agreement by position; empty where there is no file, or none that can be used.</returns>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is empty.</exception>
    public static IReadOnlyList<double> ReadExpectedAgreement(string folder, ILogger? logger = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return AgreementFile.Read(folder, logger ?? NullLogger.Instance);
    }

    /// <summary>
    /// The first operator of a graph that is known to let a row's result depend on other rows of its run, on the width of the run or on the length of the
    /// text, so that texts cannot be exact (<see cref="Verification.Exactness"/>).
    /// </summary>
    /// <param name="modelFile">The ONNX file; its external data is not read.</param>
    /// <param name="ignoresBranches">Whether an If that depends on the length of the text is passed over, where texts stay on one side of it.</param>
    /// <returns>
    /// Its name and operator, or <see langword="null"/> where none is known to, which does not prove that none does, or where the file is no ONNX file.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="modelFile"/> is empty.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string? FindCrossRowOperator(string modelFile, bool ignoresBranches = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(modelFile);
        try
        {
            using FileStream stream = File.OpenRead(modelFile);
            using var input = CodedInputStream.CreateWithLimits(stream, int.MaxValue, recursionLimit: 100);
            return CrossRowOperators.FindFirst(OnnxModel.Parser.ParseFrom(input), ignoresBranches);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
