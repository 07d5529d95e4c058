namespace Minions.Core.OnnxRuntime.Heads;

/// <summary>What code says of a head; it wins over what the head's files say.</summary>
/// <param name="Folder">The head's folder.</param>
/// <param name="ModelFile">The ONNX file, relative to the folder, or <see langword="null"/> where the folder may say.</param>
/// <param name="Target">The target's folder, or <see langword="null"/>.</param>
/// <param name="States">The states that it reads; none where its files say.</param>
/// <param name="DraftTokens">The file of the tokens of its columns, relative to the folder, or <see langword="null"/>.</param>
internal sealed record HeadRequest(string Folder, string? ModelFile, string? Target, IReadOnlyList<string> States, string? DraftTokens);
