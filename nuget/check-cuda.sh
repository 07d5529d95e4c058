#!/usr/bin/env bash
# Packs Minions.Core and Minions.Core.Cuda, restores them with ONNX Runtime's libraries for NVIDIA GPUs into a fresh project outside of the repository,
# builds and runs it. Not part of the tests: it restores 0.4 GB of packages (0.9 GB unpacked).
#
#   nuget/check-cuda.sh [--packages DIR] [--keep] [--model NAME=DIR]...
#
#   --packages DIR    where NuGet unpacks to. Default: the user's own folder, so that a second run downloads nothing.
#   --model NAME=DIR  a model folder of yours beside those of the repository; repeat for several.
#   --keep            leave the project and the packages there, and say where.
#
# Exit codes: 0 passed (without a GPU: Auto answers on the CPU and says why, Cuda is refused with what is missing; with one: both answer on it);
# 1 failed; 2 wrong arguments.
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
models=("family=$repository/tests/models/family/target" "SmolLM2=$repository/samples/models/smollm2/target")
cache=${NUGET_PACKAGES:-$HOME/.nuget/packages}
keep=false
while [ $# -gt 0 ]; do
    case $1 in
        --packages) [ $# -gt 1 ] || { echo "--packages needs a folder." >&2; exit 2; }; mkdir -p "$2"; cache=$(cd "$2" && pwd); shift 2 ;;
        --model) [[ ${2:-} == *=* ]] || { echo "--model needs NAME=DIR." >&2; exit 2; }; models+=("${2%%=*}=$(cd "${2#*=}" && pwd)"); shift 2 ;;
        --keep) keep=true; shift ;;
        *) echo "'$1' is unknown: see the head of $0." >&2; exit 2 ;;
    esac
done

# A version that nobody else has: NuGet would take an unpacked one of the same version for the one packed now.
version="0.1.0-check.$(date +%s)"
work=$(mktemp -d)
finish() {
    if $keep; then
        echo "Left in place: $work"
    else
        rm -rf "$work" "$cache/minions.core/$version" "$cache/minions.core.cuda/$version"
    fi
}
trap finish EXIT
export NUGET_PACKAGES=$cache DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

echo "Packing ..."
for project in src/Minions.Core/Minions.Core.csproj nuget/Minions.Core.Cuda/Minions.Core.Cuda.csproj; do
    dotnet pack "$repository/$project" -c Release -v quiet -nodeReuse:false -p:Version="$version" -p:PackageOutputPath="$work/packages" --artifacts-path "$work/artifacts"
done
ls "$work/packages" | grep '\.nupkg$' | sed 's/^/  /'

mkdir "$work/application"
cp "$repository/nuget/check-cuda/Program.cs" "$work/application/"
cat > "$work/application/NuGet.Config" <<CONFIG
<configuration>
  <packageSources>
    <add key="packed" value="$work/packages" />
  </packageSources>
</configuration>
CONFIG

# Pruned is left out of the restore, as if the framework brought it.
write_project() {
    cat > "$work/application/CheckCuda.csproj" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <RestoreEnablePackagePruning>true</RestoreEnablePackagePruning>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Minions.Core.Cuda" Version="$version" />
    $1
  </ItemGroup>
</Project>
PROJECT
}

genai=Microsoft.ML.OnnxRuntimeGenAI.Cuda
restore() { dotnet restore "$work/application" -v quiet > "$work/restore.log" 2>&1; }

echo "Restoring Minions.Core.Cuda and what it depends on ..."
write_project ""
if ! restore; then
    # Only a version of this one package that cannot be had is gone around. It is of no use to a program that runs no model through GenAI.
    if grep -Eo 'error NU[0-9]+: Unable to find [^.]*package [^ ]+' "$work/restore.log" | grep -qv "$genai" || ! grep -q "error NU110[12].*$genai" "$work/restore.log"; then
        cat "$work/restore.log" >&2
        exit 1
    fi
    grep -m1 -o "error NU110[12].*" "$work/restore.log" | sed "s/ \[.*//; s/^/  /"
    echo "  LEFT OUT: $genai, which Minions.Core.Cuda depends on, cannot be restored here. Everything below runs without it."
    write_project "<PrunePackageReference Include=\"$genai\" Version=\"9999.0.0\" />"
    restore || { cat "$work/restore.log" >&2; exit 1; }
fi
grep -Eo '"(Minions|Microsoft\.ML)[^"]*/[0-9][^"]*": \{' "$work/application/obj/project.assets.json" | tr -d '":{ ' | sort -u | sed 's/^/  /'

echo "Building and running ..."
dotnet build "$work/application" -c Release -v quiet -nodeReuse:false --no-restore -clp:ErrorsOnly
"$work/application/bin/Release/net10.0/CheckCuda" "${models[@]}"
