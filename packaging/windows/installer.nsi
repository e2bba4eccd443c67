; The installer: for one person, without administrator rights. `cargo xtask bundle` calls makensis with
;   VERSION  0.1.0          NUMBERS  0.1.0.0 (what Windows takes for a version)
;   SOURCE   folder with the files below      OUT  the file to write
;   ICON     icon.ico                         BANNER  what stands left on the last page, twice 164 x 314 pixels
;
; What it writes: the files below in $INSTDIR, one Start menu entry, one key under Uninstall, and, if the person wants it,
; one Run value. What it removes: exactly that, by name. $INSTDIR may be a folder that holds other things.
;
; Silent: /S   another folder: /D=C:\Some Folder (last, unquoted)   language: /LANG=zh-CN, /LANG=en   /AUTOSTART
; Exit codes: 0 done, 1 given up by the person, 2 stopped by an error, 3 Quaymaster is running.

Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
RequestExecutionLevel user
ManifestDPIAware true
ManifestLongPathAware true
ManifestSupportedOS Win10

!define APP "Quaymaster"
!define PUBLISHER "The Quaymaster authors"
; Tauri's identifier: the name of the folders that the program itself makes.
!define DATA "app.quaymaster.desktop"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${APP}"
!define RUN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"
; How to see whether WebView2 is there: https://learn.microsoft.com/microsoft-edge/webview2/concepts/distribution
!define WEBVIEW "Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}"
!define WEBVIEW_PAGE "https://developer.microsoft.com/microsoft-edge/webview2/"

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include Sections.nsh

Name "${APP}"
BrandingText "${APP} ${VERSION}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\${APP}"
; An upgrade goes where the older version is.
InstallDirRegKey HKCU "${UNINSTALL_KEY}" "InstallLocation"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${BANNER}"
!define MUI_WELCOMEFINISHPAGE_BITMAP_STRETCH AspectFitHeight
!define MUI_ABORTWARNING
!define MUI_COMPONENTSPAGE_SMALLDESC
!define MUI_FINISHPAGE_RUN "$INSTDIR\quaymaster.exe"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_COMPONENTS
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "SimpChinese"
!include words.nsh

VIProductVersion "${NUMBERS}"
VIFileVersion "${NUMBERS}"
!macro VERSION_WORDS LANGUAGE DESCRIPTION
  VIAddVersionKey /LANG=${LANGUAGE} "ProductName" "${APP}"
  VIAddVersionKey /LANG=${LANGUAGE} "ProductVersion" "${VERSION}"
  VIAddVersionKey /LANG=${LANGUAGE} "FileVersion" "${VERSION}"
  VIAddVersionKey /LANG=${LANGUAGE} "FileDescription" "${DESCRIPTION}"
  VIAddVersionKey /LANG=${LANGUAGE} "CompanyName" "${PUBLISHER}"
  VIAddVersionKey /LANG=${LANGUAGE} "LegalCopyright" "Copyright (c) 2026 ${PUBLISHER}"
!macroend
!insertmacro VERSION_WORDS ${LANG_ENGLISH} "Quaymaster setup"
!insertmacro VERSION_WORDS ${LANG_SIMPCHINESE} "Quaymaster 安装程序"

; --- What installer and uninstaller have in common ------------------------------------------------------------------------

; The language is the system's, unless /LANG says otherwise.
!macro CHOOSE_LANGUAGE
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/LANG=" $R1
  ${IfNot} ${Errors}
    StrCpy $R1 $R1 2
    ${If} $R1 == "zh"
      StrCpy $LANGUAGE ${LANG_SIMPCHINESE}
    ${ElseIf} $R1 == "en"
      StrCpy $LANGUAGE ${LANG_ENGLISH}
    ${EndIf}
  ${EndIf}
!macroend

; A program file that runs cannot be opened for writing: the one sign that needs no look at other processes.
!macro WAIT_UNTIL_CLOSED FILE
  ${Do}
    ${IfNot} ${FileExists} "$INSTDIR\${FILE}"
      ${ExitDo}
    ${EndIf}
    ClearErrors
    FileOpen $R0 "$INSTDIR\${FILE}" a
    ${IfNot} ${Errors}
      FileClose $R0
      ${ExitDo}
    ${EndIf}
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(RUNNING)" /SD IDCANCEL IDRETRY +3
    SetErrorLevel 3
    Quit
  ${Loop}
!macroend

; --- Install ----------------------------------------------------------------------------------------------------------------

Section "${APP}" SECTION_APP
  SectionIn RO
  !insertmacro WAIT_UNTIL_CLOSED "quaymaster.exe"
  !insertmacro WAIT_UNTIL_CLOSED "quay.exe"
  SetOutPath "$INSTDIR"
  File "${SOURCE}/quaymaster.exe"
  File "${SOURCE}/quay.exe"
  File "${SOURCE}/WebView2Loader.dll"
  File "${SOURCE}/networks.bin"
  File "${SOURCE}/README.txt"
  File "${SOURCE}/LICENSE.txt"
  File "${SOURCE}/THIRD-PARTY-NOTICES.txt"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\${APP}.lnk" "$INSTDIR\quaymaster.exe" "" "" "" "" "" "$(ABOUT)"

  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "${APP}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" '"$INSTDIR\quaymaster.exe",0'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
  ; The sum of the sections: what else lies in the folder is not ours.
  SectionGetSize ${SECTION_APP} $R0
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" $R0
SectionEnd

Section /o "$(AUTOSTART)" SECTION_AUTOSTART
  WriteRegStr HKCU "${RUN_KEY}" "${APP}" '"$INSTDIR\quaymaster.exe" --hidden'
SectionEnd

; An upgrade shows what was chosen before; so whoever takes the tick away means it.
Section "-autostart"
  ${IfNot} ${SectionIsSelected} ${SECTION_AUTOSTART}
    DeleteRegValue HKCU "${RUN_KEY}" "${APP}"
  ${EndIf}
SectionEnd

Section "-webview"
  StrCpy $R1 ""
  ReadRegStr $R0 HKLM "SOFTWARE\WOW6432Node\${WEBVIEW}" "pv"
  StrCpy $R1 "$R1$R0"
  ReadRegStr $R0 HKCU "Software\${WEBVIEW}" "pv"
  StrCpy $R1 "$R1$R0"
  ${If} $R1 == ""
  ${OrIf} $R1 == "0.0.0.0"
    MessageBox MB_YESNO|MB_DEFBUTTON2|MB_ICONEXCLAMATION "$(NO_WEBVIEW)" /SD IDNO IDNO +2
    ExecShell "open" "${WEBVIEW_PAGE}"
  ${EndIf}
SectionEnd

; Stands below the sections, whose numbers it needs.
Function .onInit
  SetShellVarContext current
  !insertmacro CHOOSE_LANGUAGE
  ReadRegStr $R1 HKCU "${RUN_KEY}" "${APP}"
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/AUTOSTART" $R2
  ${IfNot} ${Errors}
  ${OrIf} $R1 != ""
    !insertmacro SelectSection ${SECTION_AUTOSTART}
  ${EndIf}
FunctionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${SECTION_APP} "$(APP_MORE)"
  !insertmacro MUI_DESCRIPTION_TEXT ${SECTION_AUTOSTART} "$(AUTOSTART_MORE)"
!insertmacro MUI_FUNCTION_DESCRIPTION_END

; --- Uninstall --------------------------------------------------------------------------------------------------------------

Function un.onInit
  SetShellVarContext current
  !insertmacro CHOOSE_LANGUAGE
FunctionEnd

Section "un.${APP}" SECTION_UN_APP
  SectionIn RO
  !insertmacro WAIT_UNTIL_CLOSED "quaymaster.exe"
  !insertmacro WAIT_UNTIL_CLOSED "quay.exe"
  Delete "$INSTDIR\quaymaster.exe"
  Delete "$INSTDIR\quay.exe"
  Delete "$INSTDIR\WebView2Loader.dll"
  Delete "$INSTDIR\networks.bin"
  Delete "$INSTDIR\README.txt"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\THIRD-PARTY-NOTICES.txt"
  Delete "$INSTDIR\uninstall.exe"
  ; Only if nothing else is in it.
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${APP}.lnk"
  ; A program that runs as administrator writes its autostart for everybody.
  DeleteRegValue HKCU "${RUN_KEY}" "${APP}"
  DeleteRegValue HKLM "${RUN_KEY}" "${APP}"
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
  ; Who shows the notifications (crates/desktop/src/windows.rs).
  DeleteRegKey HKCU "Software\Classes\AppUserModelId\${DATA}"
  Delete "$LOCALAPPDATA\${DATA}\notice.png"
  ; WebView2's cache for this program, in a folder of the program's own: nothing that a person chose or wrote.
  RMDir /r "$LOCALAPPDATA\${DATA}\EBWebView"
  RMDir "$LOCALAPPDATA\${DATA}"
SectionEnd

; Off by default, and so in silent mode too.
Section /o "un.$(SETTINGS)" SECTION_UN_SETTINGS
  RMDir /r "$APPDATA\${DATA}"
  RMDir /r "$LOCALAPPDATA\${DATA}"
SectionEnd

!insertmacro MUI_UNFUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${SECTION_UN_APP} "$(UN_APP_MORE)"
  !insertmacro MUI_DESCRIPTION_TEXT ${SECTION_UN_SETTINGS} "$(SETTINGS_MORE)"
!insertmacro MUI_UNFUNCTION_DESCRIPTION_END
