@echo off
rem Tarn's launcher for Windows: builds the program when its sources changed, then runs it. "tarn test [filter]" runs the tests.
setlocal EnableExtensions
set "root=%~dp0"
set "root=%root:~0,-1%"
set "out=%root%\artifacts\launcher"
if /i "%~1"=="test" goto test

call :fresh && goto start
call :build || exit /b 1
:start
set /p program=<"%out%\current"
"%out%\%program%\tarn.exe" %*
exit /b %errorlevel%

rem A build is fresh when the copy of the sources that it was made from equals the sources (robocopy /L only compares).
:fresh
if not exist "%out%\current" exit /b 1
robocopy "%root%\src" "%out%\sources" /MIR /L /NFL /NDL /NJH /NJS /NP >nul
if errorlevel 1 exit /b 1
robocopy "%root%" "%out%\settings" Directory.*.props global.json package*.json /L /NFL /NDL /NJH /NJS /NP >nul
if errorlevel 1 exit /b 1
exit /b 0

:build
if not exist "%out%" mkdir "%out%" || exit /b 1
set waited=
:wait
rem A folder is the lock: making it succeeds for one process only. One older than ten minutes was left by a killed start.
2>nul mkdir "%out%\lock.d" && goto locked
if not defined waited echo tarn: another start is building, waiting for it... 1>&2
set waited=1
powershell -NoProfile -Command "$lock = Get-Item '%out%\lock.d' -ErrorAction SilentlyContinue; if ($lock -and (Get-Date) - $lock.LastWriteTime -gt [TimeSpan]::FromMinutes(10)) { exit 1 }; exit 0" || rmdir "%out%\lock.d" 2>nul
ping -n 2 127.0.0.1 >nul
call :fresh && exit /b 0
goto wait
:locked
call :fresh && (rmdir "%out%\lock.d" & exit /b 0)
call :tools || (rmdir "%out%\lock.d" & exit /b 1)
if exist "%out%\current" (echo tarn: sources changed, building... 1>&2) else (echo tarn: building ^(first start, about a minute^)... 1>&2)
robocopy "%root%\src" "%out%\sources" /MIR /NFL /NDL /NJH /NJS /NP >nul
robocopy "%root%" "%out%\settings" Directory.*.props global.json package*.json /NFL /NDL /NJH /NJS /NP >nul
set "new=program-%random%%random%"
call :publish true || call :publish false || goto broken
>"%out%\current" echo %new%
rem The last three stay: a server may run from one of them, and files that it has not loaded yet would go.
for /f "skip=3 delims=" %%d in ('dir /b /ad /o-d "%out%\program-*" 2^>nul') do rmdir /s /q "%out%\%%d" 2>nul
rmdir "%out%\lock.d"
exit /b 0

:publish
if /i "%PROCESSOR_ARCHITECTURE%"=="ARM64" (set rid=win-arm64) else (set rid=win-x64)
dotnet publish "%root%\src\Tarn\Tarn.csproj" -c Release -r %rid% --self-contained false -o "%out%\%new%" -p:ArtifactsPath="%out%" -p:PublishReadyToRun=%1 -p:GenerateDocumentationFile=false -p:DebugType=none -p:RunAnalyzers=false -v q -nologo -nodeReuse:false >"%out%\build.log" 2>&1
exit /b %errorlevel%

:broken
type "%out%\build.log" 1>&2
rmdir /s /q "%out%\sources" 2>nul
rmdir "%out%\lock.d"
echo tarn: the build failed (above) 1>&2
exit /b 1

rem MSBuild restores the native engine itself; here only the tools are asked for.
:tools
where dotnet >nul 2>nul || (echo tarn: the dotnet command is missing: winget install Microsoft.DotNet.SDK.10 1>&2 & exit /b 1)
pushd "%root%" & dotnet --version >nul 2>nul || (popd & echo tarn: no .NET SDK that fits global.json ^(10.0.100 or later^): winget install Microsoft.DotNet.SDK.10 1>&2 & exit /b 1)
popd
where npm >nul 2>nul || (echo tarn: the native SQL engine comes through npm, and npm is missing: winget install OpenJS.NodeJS.LTS 1>&2 & exit /b 1)
exit /b 0

:test
call :tools || exit /b 1
set filter=
:words
shift
if "%~1"=="" goto run
if defined filter (set "filter=%filter%|FullyQualifiedName~%~1") else (set "filter=FullyQualifiedName~%~1")
goto words
:run
cd /d "%root%"
if defined filter (dotnet test Tarn.slnx -c Release --nologo --filter "%filter%") else (dotnet test Tarn.slnx -c Release --nologo)
exit /b %errorlevel%
